"""`python -m benchmarks.microphone` measures, `gather` makes examples, `fit` fits to them; see `--help`."""

import argparse
from pathlib import Path

from benchmarks.microphone.examples import FILE, gather
from benchmarks.microphone.fit import write
from benchmarks.microphone.run import run
from benchmarks.microphone.voices import HELD_OUT_VOICES, TUNING_VOICES, recorded_voices

SEEDS = {"tune": 1, "held-out": 2}


def main() -> None:
    """Read the command and run it."""
    parser = argparse.ArgumentParser(description="How well is the best microphone found?")
    parser.add_argument("task", nargs="?", choices=["measure", "gather", "fit"], default="measure")
    parser.add_argument("--split", choices=list(SEEDS), default="held-out", help="seeds and voices apart")
    parser.add_argument("--scenes", type=int, default=120, help="to gather, 2500 are not too many")
    parser.add_argument("--seed", type=int, help="instead of the split's own")
    parser.add_argument("--recordings", type=Path, help="a folder with a folder of recordings per person")
    parser.add_argument("--examples", type=Path, default=FILE, help="what to fit to, or to write")
    parser.add_argument("--pictures", type=Path, help="draw the plots into this folder")
    parser.add_argument("--dnsmos", action="store_true", help="with DNSMOS, which takes long")
    options = parser.parse_args()
    if options.task == "fit":
        print("wrote", *write(options.examples))
        return
    if options.task == "gather":
        people = recorded_voices(options.recordings) if options.recordings else ()
        gather(options.seed or SEEDS["tune"], options.scenes, TUNING_VOICES + people).save(options.examples)
        print("wrote", options.examples)
        return
    voices = TUNING_VOICES if options.split == "tune" else HELD_OUT_VOICES
    if options.recordings:
        voices = recorded_voices(options.recordings)
    seed = SEEDS[options.split] if options.seed is None else options.seed
    run(voices, seed, options.scenes, options.pictures, options.dnsmos)


if __name__ == "__main__":
    main()
