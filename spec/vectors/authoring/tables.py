"""cohort.md, Tables: CSV text, headers, cells, periods, rows, what comes together."""

from __future__ import annotations

from typing import Any

from .build import PERIOD, Row, cohort, fr, methodology, metric, stratum
from .case import Page

Json = dict[str, Any]
NAMES = methodology(
    metrics={
        "a": {**metric("a"), "label": {"fr": "Abonnés", "en": "Followers"}},
        "n": metric("Nombre de posts", "count"),
        "population_active": metric("Actifs"),
    },
    attributes={"d": {"kind": "decimal", "label": fr("Superficie")}},
    structure_types={"commune": {"label": fr("Commune")}, "departement": {"label": fr("Département")}},
    networks={"x": {"label": fr("Réseau X")}, "y": {"label": fr("Y")}},
    strata=[stratum("all"), stratum("large-ones", ["departement"], label=fr("Les grandes"))],
)
HEAD = "territory,name,structure_type,network,a"
NO_PERIOD = {"period": None}
ONE = cohort([Row("p", {"a": 1.5}, name="Péage")], period=None)


def add_tables(page: Page) -> None:
    """Adds the cases of tables."""

    def says(name: str, about: str, table: Any, what: Json, flags: str = "", m: Json = NAMES, **more: Any) -> None:
        page.table(f"table-{name}", about, m, table, what, flags=flags, **more)

    def finds(name: str, about: str, table: Any, what: str, flags: str = "", m: Json = NAMES, **more: Any) -> None:
        page.table(f"table-{name}", about, m, table, finds=what, flags=flags, **more)

    # The text.
    says("comma", "Commas; decimals with a point.", f"{HEAD}\np,Péage,commune,x,1.5\n", ONE)
    says(
        "semicolon",
        "Semicolons; decimals with a comma.",
        "territory;name;structure_type;network;a\np;Péage;commune;x;1,5\n",
        ONE,
    )
    says(
        "tab",
        "Tabs; decimals with a comma.",
        "territory\tname\tstructure_type\tnetwork\ta\np\tPéage\tcommune\tx\t1,5\n",
        ONE,
    )
    says(
        "sep",
        "A first line announces the delimiter.",
        "sep=;\r\nterritory;name;structure_type;network;a\r\np;Péage;commune;x;1,5\r\n",
        ONE,
    )
    says(
        "mark-and-cr",
        "A U+FEFF at the beginning, line ends of CR alone, none at the end.",
        f"\ufeff{HEAD}\rp,Péage,commune,x,1.5",
        ONE,
    )
    says(
        "quotes",
        "Quotes, doubled quotes, delimiters and line ends inside them; blanks after a closing quote.",
        f'{HEAD}\n"p" ,"Pé""a,ge\n",commune,x,"1.5"\n',
        cohort([Row("p", {"a": 1.5}, name='Pé"a,ge')], period=None),
    )
    says(
        "quotes-inside",
        "A quote inside a cell that does not begin with one is itself.",
        f'{HEAD}\np,Pé"age,commune,x,1.5\n',
        cohort([Row("p", {"a": 1.5}, name='Pé"age')], period=None),
    )
    says(
        "delimiter-in-quotes",
        "Delimiters inside quotes of the header are not counted.",
        'territory;name;structure_type;network;a;"_,,,,,,"\np;Péage;commune;x;1,5;\n',
        ONE,
    )
    says(
        "blank-ends",
        "Blank records and columns at the end are passed over.",
        f"{HEAD},, \np,Péage,commune,x,1.5,,\n,,,,,,\n\n",
        ONE,
    )
    says(
        "trimmed",
        "Cells are trimmed of Unicode white space and U+FEFF.",
        f" {HEAD}\n\u00a0p\ufeff, Péage\u2003,commune ,x\t,1.5\n",
        ONE,
    )
    says(
        "neutralised",
        "A ' before what a spreadsheet would run is taken off, one of them; another ' is not.",
        f"{HEAD}\n'=p,''+Péage,commune,x,1.5\n'q,'Q,commune,x,2\n",
        cohort([Row("=p", {"a": 1.5}, name="'+Péage"), Row("'q", {"a": 2}, name="'Q")], period=None),
    )
    for name, data in [
        ("spreadsheet", b"PK\x03\x04rest"),
        ("old-spreadsheet", b"\xd0\xcf\x11\xe0"),
        ("utf-16", HEAD.encode("utf-16")),
        ("utf-16-be", b"\xfe\xff\x00t"),
    ]:
        finds(f"{name}", "A file that is no text in UTF-8, known by its first bytes.", data, "table_syntax @1:1")
    finds(
        "latin-1",
        "A table in Latin-1, at its first bad byte.",
        f"{HEAD}\np,Péage,commune,x,1.5\n".encode("latin-1"),
        "table_syntax @2:4",
    )
    finds("nothing", "No record.", "", "table_syntax @1:1")
    finds("nothing-after-sep", "No record after the announcement.", "sep=,\n", "table_syntax @2:1")
    finds("blank-header", "A header of blank cells.", " , ,\np,q,r\n", "table_syntax @1:1")
    finds(
        "open-quote",
        "A quote that is not closed ends the reading.",
        f'{HEAD}\np,"Péage,commune,x,1.5\nq,Q,commune,x,2\n',
        "table_syntax 2:name",
    )
    finds(
        "after-quote", "Something after a closing quote.", f'{HEAD}\np,"Pé"age,commune,x,1.5\n', "table_syntax 2:name"
    )
    finds(
        "ragged",
        "Records with a cell too few and one too many; every one is said.",
        f"{HEAD}\np,Péage,commune,x\nq,Q,commune,x,1,2\nr,R,commune,x,1,\n",
        "table_syntax 2:a\ntable_syntax 3:6",
    )

    # Headers.
    says(
        "french",
        "French headers, with accents and capitals.",
        "Code INSEE;Libellé;Type de structure;Réseau;Abonnés\np;Péage;Commune;Réseau X;1,5\n",
        ONE,
    )
    says(
        "folded",
        "Headers and ids are folded: case, accents, spaces, dashes, apostrophes.",
        "Ter_ri-to.ry,N’AME,STRUCTURE TYPE,Net-work,A\np,Péage,COM MUNE,rÉseau-x,1.5\n",
        ONE,
    )
    says(
        "label",
        "A metric by its label in either language.",
        "territory,name,structure_type,network,followers\np,Péage,commune,x,1.5\n",
        ONE,
    )
    says(
        "passed-over",
        "Headers that begin with _ and columns that are all blank are passed over.",
        f"_note,{HEAD},\nany,p,Péage,commune,x,1.5,\n",
        ONE,
    )
    says(
        "previous",
        "The previous period, by its canonical name and in words.",
        f"{HEAD},previous.a,n,Nombre de posts (période précédente)\np,Péage,commune,x,1.5,1,3,2\n",
        cohort(
            [Row("p", {"a": 1.5, "n": 3}, name="Péage", before={"a": 1, "n": 2})],
            period=None,
            previous={"accounts": [{"territory": "p", "network": "x", "metrics": {"a": 1, "n": 2}}]},
        ),
        "previous",
    )
    says(
        "everything",
        "Every column.",
        "territory,name,structure_type,population,millésime,département,région,stratum,motif,du,fin exclue,network,principal,synthétique,a,n,Superficie\np,Péage,commune,10,2023,06,93,les grandes,ainsi,2026-06-01,2026-07-01,x,oui,non,1.5,3,0.5\n",
        cohort(
            [
                Row(
                    "p",
                    None,
                    name="Péage",
                    population=10,
                    population_vintage="2023",
                    department="06",
                    region="93",
                    stratum={"id": "large-ones", "reason": "ainsi"},
                    attributes={"d": 0.5},
                )
            ],
            accounts=[{"territory": "p", "network": "x", "metrics": {"a": 1.5, "n": 3}, "main": True}],
        ),
    )
    says(
        "synthetic",
        "One yes makes the whole cohort synthetic.",
        f"{HEAD},synthetic\np,Péage,commune,x,1.5,\nq,Q,commune,x,2,Vrai\n",
        cohort([Row("p", {"a": 1.5}, name="Péage"), Row("q", {"a": 2})], period=None, synthetic=True),
    )
    finds(
        "unknown-column",
        "A header that means nothing; blank, with something below.",
        f"{HEAD},colour,\np,Péage,commune,x,1.5,blue,1\n",
        "unknown_column 1:colour\nunknown_column 1:#7",
    )
    finds(
        "duplicate-column",
        "Two columns that mean the same; the later is not read.",
        f"{HEAD},nom,abonnés\np,Péage,commune,x,1.5,Autre,z\n",
        "duplicate_column 1:nom\nduplicate_column 1:abonnés",
    )
    finds(
        "missing-column",
        "Required columns; rows are then not looked at.",
        "name,a\nPéage,z\n",
        "missing_column 1:territory\nmissing_column 1:structure_type\nmissing_column 1:network\nnot_a_number 2:a",
    )

    # Cells.
    for name, cell, code in [
        ("dot-thousands", "12.000", "not_a_number"),
        ("thousands", "1,000,000", "not_a_number"),
        ("space-thousands", "12 000", "not_a_number"),
        ("words", "many", "not_a_number"),
        ("leading-zero", "01", "not_a_number"),
        ("plus", "+5", "not_a_number"),
        ("infinity", "inf", "infinite_value"),
        ("minus-infinity", "-Infinity", "infinite_value"),
        ("infinity-sign", "∞", "infinite_value"),
        ("nan", "nan", "not_a_number"),
        ("long", "0.1234567890123456789", "number_not_representable"),
        ("large", "1e999", "number_not_representable"),
        ("negative", "-3", "negative_value"),
        ("fraction", "2.5", "fractional_count"),
        ("too-large", "9007199254740992", "out_of_range"),
    ]:
        finds(
            f"count-{name}",
            "A cell of a count.",
            f'territory,name,structure_type,network,a,n\np,Péage,commune,x,1.5,"{cell}"\n',
            f"{code} 2:n",
        )
    finds(
        "count-point-after-comma",
        "Where decimals follow a comma, a point is no part of a number; 12,000 means two things.",
        "territory;name;structure_type;network;a;n\np;Péage;commune;x;1.5;12,000\n",
        "not_a_number 2:a\nnot_a_number 2:n",
    )
    says(
        "numbers",
        "Numbers in several spellings; an empty cell is unknown; a group that begins with 0 is a decimal.",
        "territory;name;structure_type;network;a;n\np;P;commune;x;-0;1e3\nq;Q;commune;x;0,125;\nr;R;commune;x;1E-2;0\n",
        cohort(
            [Row("p", {"a": 0, "n": 1000}), Row("q", {"a": 0.125, "n": None}), Row("r", {"a": 0.01, "n": 0})],
            period=None,
        ),
        "minus-zero unknown",
    )
    says(
        "decimal-three",
        "12.000 of a decimal is 12.",
        f"{HEAD}\np,Péage,commune,x,12.000\n",
        cohort([Row("p", {"a": 12}, name="Péage")], period=None),
    )
    finds(
        "main-word",
        "A word for `main` that is none.",
        f"{HEAD},main\np,Péage,commune,x,1.5,perhaps\n",
        "unknown_value 2:main",
    )

    # Period.
    dated = "territory,name,structure_type,from,to,network,a"
    says(
        "period",
        "A period, in the first row that gives it.",
        f"{dated}\np,Péage,commune,,,x,1.5\nq,Q,commune,2026-06-01,2026-07-01,x,2\n",
        cohort([Row("p", {"a": 1.5}, name="Péage"), Row("q", {"a": 2})], period=PERIOD),
    )
    finds(
        "period-conflict",
        "Rows of two periods.",
        f"{dated}\np,P,commune,2026-06-01,2026-07-01,x,1\nq,Q,commune,2026-06-02,2026-07-01,x,2\n",
        "period_conflict 3:from",
    )
    finds(
        "period-date",
        "Dates that are none, in a later row and in the first.",
        f"{dated}\np,P,commune,2026-06-31,2026-07-01,x,1\nq,Q,commune,2026-06-31,1 July,x,2\n",
        "invalid_date 2:from\ninvalid_date 3:to",
    )
    finds(
        "period-order",
        "A period that ends before it begins.",
        f"{dated}\np,P,commune,2026-06-01,2026-06-01,x,1\n",
        "bounds_order 2:to",
    )
    finds(
        "period-half",
        "One end only.",
        "territory,name,structure_type,from,network,a\np,P,commune,2026-06-01,x,1\n",
        "period_missing 1:to",
    )
    finds(
        "period-asked",
        "A period is asked for, and none given.",
        f"{HEAD}\np,P,commune,x,1\n",
        "period_missing 1:from",
        m={**NAMES, "period_days": 30},
    )
    finds(
        "period-length",
        "A period of another length.",
        f"{dated}\np,P,commune,2026-06-01,2026-07-02,x,1\n",
        "period_length 1:from",
        m={**NAMES, "period_days": 30},
    )

    # Rows.
    says(
        "networks",
        "A territory on two networks is two rows; one on none has an empty network.",
        f"{HEAD}\np,P,commune,x,1\np,P,commune,y,2\nq,Q,commune,,\n",
        cohort([Row("p", {"a": 1}, {"a": 2}), Row("q")], period=None),
        "absent",
    )
    says(
        "empty-row",
        "An empty row between others counts for row numbers and for nothing else.",
        f"{HEAD}\np,P,commune,x,1\n,,,,\nq,Q,commune,x,2\n",
        cohort([Row("p", {"a": 1}), Row("q", {"a": 2})], period=None),
    )
    finds(
        "conflicting",
        "Two rows that describe one territory differently; unknown differs from a number.",
        "territory,name,structure_type,population,region,network,a\np,P,commune,10,84,x,1\np,Q,commune,,84,y,1\n",
        "conflicting_rows 3:name\nconflicting_rows 3:population",
    )
    finds(
        "duplicate-territory",
        "A territory twice without network.",
        f"{HEAD}\np,P,commune,,\np,P,commune,,\nq,Q,commune,x,1\nq,Q,commune,,\n",
        "duplicate_territory 3:territory\nconflicting_rows 5:network",
    )
    finds(
        "no-network",
        "Metrics without network.",
        f"{HEAD}\np,P,commune,,1\nq,Q,commune,x,1\n",
        "missing_field 2:network",
    )
    finds(
        "row-faults",
        "Faults of rows, all together: lists become columns.",
        "territory,name,structure_type,population,stratum,stratum_reason,network,a\n6083,,commune,-1,,,x,1\n,Q,commune,2.5,all,,x,1\n",
        "lost_leading_zero 2:territory\nmissing_field 2:name\nnegative_value 2:population\nmissing_field 3:territory\nfractional_count 3:population\noverride_without_reason 3:stratum_reason",
    )
    finds(
        "under-methodology",
        "Checks under the methodology are of the same stage.",
        f"{HEAD}\np,P,canton,z,1\nq,Q,commune,x,1\nq,Q,commune,x,2\n",
        "unknown_structure_type 2:structure_type\nunknown_network 2:network\nduplicate_account 4:network",
    )
    finds(
        "missing-metric",
        "A metric that no column gives.",
        "territory,name,structure_type,network,n\np,P,commune,x,1\n",
        "missing_metric 1:a",
    )
    finds("no-territory", "A header and no row.", f"{HEAD}\n", "empty_cohort 1:territory")

    # Two tables.
    accounts = "territory,network,a\np,x,1.5\n"
    second = "territory;name;structure_type;population;Superficie\np;Péage;commune;10;0,5\nq;Q;commune;;\n"
    says(
        "two",
        "Accounts and territories, each with its own delimiter.",
        accounts,
        cohort(
            [
                Row("p", {"a": 1.5}, name="Péage", population=10, attributes={"d": 0.5}),
                Row("q", attributes={"d": None}),
            ],
            period=None,
        ),
        "unknown",
        territories=second,
    )
    finds(
        "two-columns",
        "A column of the other table, in each.",
        "territory,network,a,name\np,x,1.5,P\n",
        "unknown_column 1:name\nunknown_column 1:network #2",
        territories="territory,name,structure_type,network\np,P,commune,x\n",
    )
    finds(
        "two-rows",
        "An account of nobody, a territory twice, which in its own table it may not be.",
        "territory,network,a\nz,x,1\n",
        "unknown_territory 2:territory\nduplicate_territory 3:territory #2",
        territories="territory,name,structure_type\np,P,commune\np,P,commune\n",
    )
    finds(
        "two-texts",
        "Both texts are read before their faults are said.",
        'territory,network,a\np,"x,1\n',
        "table_syntax 2:network\ntable_syntax 2:structure_type #2",
        territories="territory,name,structure_type\np,P\n",
    )
    finds(
        "two-missing",
        "Each table has its own required columns.",
        "network,a\nx,1\n",
        "missing_column 1:territory\nmissing_column 1:name #2",
        territories="territory,structure_type\np,commune\n",
    )
