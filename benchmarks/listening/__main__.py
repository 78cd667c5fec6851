"""python -m benchmarks.listening [--scenes FOLDER] [--households N]: the figures in docs/listening.md."""

import argparse
from pathlib import Path

from benchmarks.listening.calibration import print_calibration
from benchmarks.listening.costs import print_costs
from benchmarks.listening.scenes import print_scenes, print_talkers
from benchmarks.listening.turns import print_turns


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", type=Path, help="a folder with scenes_dev.npz and truth_dev.json")
    parser.add_argument("--every", type=int, default=2, help="take every so-manieth scene")
    parser.add_argument("--recognise", action="store_true", help="calibrate against the recogniser, too")
    parser.add_argument("--households", type=int, default=0, help="play so many households over sentences")
    parser.add_argument("--seed", type=int, nargs="+", default=[6], help="of so many households each")
    options = parser.parse_args()
    if options.households:
        from benchmarks.listening.sessions import print_households

        print_households(options.seed, options.households)
        return
    print_costs()
    print_turns()
    if options.scenes is not None:
        print_scenes(options.scenes, options.every)
        print_talkers(options.scenes)
        if options.recognise:
            print_calibration(options.scenes)


main()
