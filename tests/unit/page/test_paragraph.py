import pandas as pd
import samples
from imagebench.answers import deciding
from imagebench.answers.questions import QUESTIONS
from imagebench.evidence import comparisons, pooling, summaries
from imagebench.evidence.traits import labels_of
from imagebench.page import paragraph
from table_rows import COLD, READ_ONE, STORE, WARM, cell, pair


def run(**arguments):
    """Timings, and what is made of them."""
    timings = samples.timings(**arguments)
    return timings, summaries.summarize(timings), comparisons.compare_all(pooling.measures(timings))


def test_answers_of_a_whole_run():
    _, summary, compared = run(counts=(10, 1000, 100_000))
    answered = dict(deciding.find_all(summary, compared, "default"))
    assert list(answered) == [*QUESTIONS[:4], *QUESTIONS[-4:]]
    assert list(answered[WARM]) == [10, 1000, 100_000]
    assert answered[WARM][10].winners == ("lmdb",)
    assert answered[WARM][100_000].winners == ("hdf5",)
    assert answered[READ_ONE][100_000].winners == ("disk",)
    words = paragraph.in_words(list(answered.items()), 100_000, labels_of(summary))
    assert words.startswith("With 100,000 images, first place goes to HDF5 datasets in ")
    assert "to PNG files in storing one image" in words
    assert "With fewer images the answer differs in warm reading in order" in words
    assert "Raw bytes" not in words


def test_the_paragraph_names_ties_open_questions_and_what_is_unknown():
    rows = [cell("a", 1.0), cell("b", 1.0), cell("a", 1, STORE), cell("b", 1, STORE)]
    rows += [cell("a", 1.0, COLD, cache="unknown")]
    pairs = [
        pair("a", "b", 1, "no practical difference"),
        pair("a", "b", 1.2, "inconclusive", STORE, blocks_to_settle=9),
    ]
    answered = deciding.find_all(pd.DataFrame(rows), pd.DataFrame(pairs), "default")
    words = paragraph.in_words(answered, 100, {"a": "A", "b": "B"})
    assert "no practical difference between A and B in warm reading in order" in words
    assert "hether A or B is faster in storing until closed is not settled yet" in words
    assert "Nothing can be said of cold reading in order" in words
    assert "First place is shared by A and B in disk use and number of files" in words
