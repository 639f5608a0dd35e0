"""The files of a folder where they are."""

from .picture import in_one_mode, pixels


class Images:
    def __init__(self, files, labels, classes):
        self.files, self.labels, self.classes = files, labels, classes

    def __len__(self):
        return len(self.files)

    def __getitem__(self, number):
        image = pixels(self.files[number].read_bytes())
        image = in_one_mode(image)  # where one_mode
        return image, self.labels[number]
