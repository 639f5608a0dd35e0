import pytest
import samples
from imagebench.evidence import summaries
from imagebench.figures import registry


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """The real figures of a run; what they show is not what is tested here."""
    folder = tmp_path_factory.mktemp("figures")
    summary = summaries.summarize(samples.timings(blocks=3))
    for name, figure in registry.draw_all(summary, summaries.single_images(summary)).items():
        registry.save(figure, folder / f"{name}.png", "png")
    return sorted(folder.iterdir())
