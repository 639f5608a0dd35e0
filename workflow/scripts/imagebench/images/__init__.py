"""Where images come from: archives in the layout of CIFAR-10, downloaded or made here."""
