"""Everyday words for the titles of made-up sentences; what people really say is not among the sources."""

from collections.abc import Sequence
from random import Random
from typing import Final

from attrs import field, frozen

from domain.language.tokens import listed

VERBS: Final = listed(
    """
    adjust answer apply arrange ask bake bathe boil borrow book bring brush buy call cancel carry change
    charge check chop clean clear close collect complete confirm contact cook copy cover cut decorate
    defrost deliver describe dig discuss download draw drink drive drop dry dust eat email empty encourage
    exchange fasten feed fetch file fill find finish fix flip fold follow freeze get give grease greet
    grind hang heat help hide hire hug insert inspect install invite iron join keep lay leave lend lift
    light load lock look mail make measure meet mend mix mop move mow notify oil open order pack paint
    park pay peel phone pick plan plant play plug polish post pour practice prepare print pull pump push
    put rake read refill remove renew rent repair replace reply report reset rest return ring rinse roast
    roll run save scan schedule scrub sell send serve set sew share sharpen shop show shovel shut sign
    sing sketch slice soak sort spray stack start stir stop store stretch study submit swap sweep switch
    take talk tape taste teach tell test text thank throw tidy tie trim turn type unload unlock unpack
    unplug update upload use vacuum visit wake walk warm wash watch water wax wear weigh wind wipe wrap
    write
    """
)
NOUNS: Final = listed(
    """
    account address air alarm album animal answer apartment apple application appliance apron arm article
    attic aunt baby back backpack bag balcony ball banana bank basement basket bath bathroom battery beach
    beans bed bedroom beer bell belt bench bicycle bike bill bills bin bird birthday biscuits blanket
    blinds blood blouse board boat body boiler book books boots boss bottle bowl box boxes boy bread
    breakfast brother brush bucket budget building bulb bus bush butter button cabinet cable cage cake
    camera candle candy car card cards carpet carrots case cash cat ceiling cellar cereal certificate
    chair charger check cheese chicken child children chimney chocolate church class clinic clock closet
    cloth clothes coat coffee coins collar company compost computer concert cookies corn couch counter
    country course cousin cover cream cup cupboard cups curtain curtains customer dad daughter deck
    dentist deposit desk diet dinner dishes dishwasher doctor document documents dog doll door doors dough
    drain drawer dress dresser drill drink driveway drops dryer duck dust ears eggs electrician email
    engine envelope essay exam exercises eyes fabric factory family fan farm father faucet fence ferry
    festival fever file files filter fire fireplace fish flashlight floor flour flowers food foot form
    forms freezer fridge friend friends front fruit fuel furnace game garage garbage garden garlic gas
    gate gift girl glass glasses gloves goat grandfather grandma grandmother grandpa grapes grass gravy
    grill groceries group guest guests guitar gutter gym hair hall hallway ham hammer hamster hand handle
    hat head heater heating hedge helmet herbs homework honey hook horse hose hospital hotel house husband
    ice inbox insurance internet invoice invoices iron jacket jam jar jeans jewelry job journal juice
    kettle key keyboard keys kids kitchen kite knee knife knives ladder lady lake lamb lamp landlord
    laptop laundry lawn lawyer leak leaves lecture leg lemon lesson letter letters lettuce library license
    lid light lights list living loan lock lotion luggage lunch machine magazine mail manager map market
    mat mattress meal meals meat medicine meeting melon message microwave milk mirror mixer mobile mom
    money mop mortgage mother motor mouse mouth movie mower mug muscle museum music nails napkins neck
    neighbor neighbors nephew net newspaper niece noodles note notes nurse nuts oats office oil onion
    onions orange oranges order oven package pad page paint painting pan pants paper papers parcel parents
    park party passport password pasta path patient patio payment pears peas pedal pen pencil pepper pet
    phone photo photos piano picture pictures pie pile pill pills pillow pillows pipe pitcher pizza plan
    plants plate plates plumber pocket poem pond pool porch pork pot potatoes prescription present
    presentation presents printer prize project pump pumpkin puppy purse puzzle quilt rabbit radiator
    radio railing rain razor receipt receipts recipe recycling refrigerator rent repair report request
    restaurant rice ring road rock roof room roses route router rug sack salad salmon salt sand sandwich
    sandwiches sauce sausage saw scale scarf school scissors screen screws seat seeds shampoo sheep sheets
    shelf shelves shift ship shirt shirts shoes shop shopping shoulder shovel shower shutters sink sister
    skirt sleeves slippers smoke snack snow soap socks sofa soil son song soup spare spices spinach spoon
    stairs stamps station steak stereo stew stomach stool store stove strawberries street string student
    subscription sugar suit suitcase summary supper supplies sweater switch syrup table tablets tank tape
    tap tax taxes taxi tea teacher team teeth telephone television temperature tennis tent test thermostat
    ticket tickets tile tire tires tissues toaster toilet tomatoes tongue tool tools toothbrush toothpaste
    towel towels toy toys tractor trailer train trash tray tree trees trip truck tub turkey uncle uniform
    vase vegetables vehicle vet vitamins voicemail wagon wall wallet wardrobe washer watch water weather
    website weeds wheel wheelchair wife window windows wine winter wood wool work workbook wrench yard
    yarn yogurt
    """
)
OCCASIONS: Final = listed(
    """
    appointment audit baptism barbecue birthday breakfast brunch call celebration ceremony checkup class
    concert conference consultation dance date delivery dinner discussion examination excursion exhibition
    football funeral game gymnastics haircut hike inspection interview lecture lesson lunch massage meal
    meeting party performance picnic practice presentation rehearsal reunion review run session show
    swimming tennis therapy tour training treatment trip visit vote wedding workshop yoga
    """
)
FIRST_NAMES: Final = listed(
    """
    aaron alan albert alex alice amanda amy andrea andrew angela ann anna anne anthony barbara ben betty
    brian bruce carl carol caroline catherine charles charlotte chris christine claire daniel david
    deborah dennis diana donald donna dorothy douglas edward elena elizabeth emily emma eric ethan eva
    evelyn frances frank fred gary george gloria grace greg hannah harold harry heather helen henry howard
    isabella jack jacob james jane janet jason jean jennifer jeremy jessica jim joan joe john jonathan
    joseph joyce juan judith julia julie karen kate keith kelly kevin kim larry laura lauren leo leon
    linda lisa louis lucas lucy luke margaret maria marie mark martha martin mary matthew megan melissa
    mia michael michelle mike nancy nathan nicholas nicole noah nora olivia oscar pamela patricia patrick
    paul peter philip rachel ralph raymond rebecca richard robert roger ronald rose roy ruth ryan samantha
    samuel sandra sara sarah scott sean sharon simon sofia sophie stephanie stephen steven susan teresa
    theresa thomas tim timothy tina todd tom tony tyler victor victoria vincent virginia walter wayne
    wendy william zoe
    """
)
KIN: Final = ("mom", "dad", "mother", "father", "sister", "brother", "grandma", "grandpa", "aunt", "uncle")
TASK_SHAPES: Final = (
    ("verb", "the", "noun"),
    ("verb", "the", "noun"),
    ("verb", "the", "noun", "noun"),
    ("verb", "my", "noun"),
    ("verb", "noun"),
    ("verb", "a", "noun"),
    ("verb", "some", "noun"),
    ("verb", "person"),
    ("call", "person"),
    ("verb", "the", "noun", "and", "the", "noun"),
    ("verb", "noun", "and", "noun"),
    ("verb", "the", "noun", "in", "the", "noun"),
    ("verb", "the", "noun", "for", "person"),
    ("verb", "noun", "for", "the", "noun"),
    ("verb", "the", "noun", "to", "the", "noun"),
    ("verb", "the", "noun", "out"),
    ("verb", "out", "the", "noun"),
    ("verb", "up", "the", "noun"),
    ("verb", "up", "person"),
    ("verb", "on", "the", "noun"),
    ("verb", "off", "the", "noun"),
    ("verb", "person", "about", "the", "noun"),
    ("verb", "to", "the", "noun"),
    ("verb", "with", "person"),
    ("word", "the", "word"),
    ("verb", "the", "word"),
    ("verb", "word"),
)
THING_SHAPES: Final = (
    ("the", "noun"),
    ("my", "noun"),
    ("the", "noun", "noun"),
    ("the", "noun", "occasion"),
    ("noun",),
    ("noun", "occasion"),
    ("person", "occasion"),
    ("the", "word"),
    ("the", "occasion"),
    ("the", "occasion", "with", "person"),
)
OCCASION_SHAPES: Final = (
    ("a", "occasion", "with", "person"),
    ("a", "occasion", "with", "person"),
    ("occasion", "with", "person"),
    ("occasion", "with", "person"),
    ("occasion", "with", "the", "noun"),
    ("occasion", "with", "person", "and", "person"),
    ("a", "noun", "occasion"),
    ("noun", "occasion"),
    ("a", "occasion"),
    ("occasion",),
    ("noun",),
    ("the", "noun", "occasion"),
    ("occasion", "at", "the", "noun"),
    ("a", "occasion", "about", "the", "noun"),
    ("word", "occasion"),
)


@frozen(kw_only=True)
class Phrases:
    """Where made-up titles come from: words by kind, general words of any kind, and names.

    Give general words to let a recogniser hear more: they take the place of that share of the verbs, nouns
    and occasions. Names are said more often than other people's.
    """

    verbs: Sequence[str] = VERBS
    nouns: Sequence[str] = NOUNS
    occasions: Sequence[str] = field(default=tuple(OCCASIONS))
    names: Sequence[str] = ()
    words: Sequence[str] = ()
    general_share: float = 0.3

    def task(self, random: Random) -> str:
        """Something to do, as after "remind me to"."""
        return self._fill(random, TASK_SHAPES)

    def thing(self, random: Random) -> str:
        """Something to think of, as after "remind me about"."""
        return self._fill(random, THING_SHAPES)

    def occasion(self, random: Random) -> str:
        """Something to meet for, as after "schedule"."""
        return self._fill(random, OCCASION_SHAPES)

    def name(self, random: Random) -> str:
        """A first name: one of the house in half of the cases."""
        if self.names and random.random() < 0.5:
            return random.choice(self.names).lower()
        return random.choice(FIRST_NAMES)

    def person(self, random: Random) -> str:
        """Somebody: a first name, or a relative."""
        if random.random() < 0.2:
            return ("my " if random.random() < 0.4 else "") + random.choice(KIN)
        return self.name(random)

    def _fill(self, random: Random, shapes: Sequence[Sequence[str]]) -> str:
        said: list[str] = []
        for kind in random.choice(shapes):
            word = self._word(random, kind)
            said.append(word)
        return " ".join(said)

    def _word(self, random: Random, kind: str) -> str:
        sources = {"verb": self.verbs, "noun": self.nouns, "occasion": self.occasions, "word": self.nouns}
        if kind == "person":
            return self.person(random)
        if kind not in sources:
            return kind
        general = kind == "word" or random.random() < self.general_share
        return random.choice(self.words if self.words and general else sources[kind])
