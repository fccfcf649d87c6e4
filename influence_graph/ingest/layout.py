"""How a file is laid out, where its content does not say it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What is stated about the layout of a file; what is left out is found in its content.

    Attributes:
        encoding: Encoding of a text file, such as ``cp1252``; "" is UTF-8, or what its byte order mark says.
        delimiter: Character between the columns of a CSV file.
        header: Whether the first line holds the names of the columns; None: it does.
        columns: Names of the columns of a file that has no header.
        records: Where the records are in a JSON document: keys joined by dots, such as ``Activity.Followers``.
        sheet: Name of the sheet of a workbook; "" is the first.
    """

    encoding: str = ""
    delimiter: str = ""
    header: bool | None = None
    columns: tuple[str, ...] = ()
    records: str = ""
    sheet: str = ""

    def completed(self, other: Layout) -> Layout:
        """Return the layout in which *other* states what this one leaves out.

        Example:
            >>> Layout(delimiter=";").completed(Layout(delimiter=",", encoding="cp1252"))
            Layout(encoding='cp1252', delimiter=';', header=None, columns=(), records='', sheet='')
        """
        default = Layout()
        stated = {each.name: getattr(self, each.name) for each in fields(self)}
        left_out = {name: getattr(other, name) for name, value in stated.items() if value == getattr(default, name)}
        return replace(self, **left_out)
