"""One set of columns for every table of articles, and repeated texts."""

from reportedly.assessment.scoring import output_schema
from reportedly.datamodel.columns import DUPLICATE, Duplicates, article_columns, table_columns
from reportedly.signals import SIGNALS


def test_a_row_has_the_columns_of_the_table_in_order(assessment):
    """`score --format csv` and `batch` write the same columns, apart from the row's number, features and errors."""
    names = list(table_columns(signal.name for signal in SIGNALS))
    assert [*article_columns(assessment), DUPLICATE] == names
    assert output_schema().names == ["row", *names, "error"]


def test_a_text_that_comes_again_is_told_by_the_first_with_it():
    """A repeated text, ignoring white space and case, refers to the first article with it, whatever their ids."""
    seen = Duplicates()
    found = [
        seen.first_with(text, name)
        for text, name in (("A b", "1"), ("a  B\n", "1"), ("c", "2"), ("A B", "3"))
    ]
    assert found == [None, "1", None, "1"]
    assert seen.count == 2
