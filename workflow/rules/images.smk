# Needs: the config's seed and image_count, the archive of CIFAR-10 or CIFAR-100, or two .npy files.
# Makes: results/{name}/doubled/images.npy and labels.npy, and digests.npy of as many images as the
# config asks for: what is more than doubled is made while it is stored, and never a file. Of a folder,
# all is there: its index was made when the config was read.

DATASET = config["dataset"]
IS_DOWNLOADED = DATASET in ("cifar10", "cifar100")
# What is downloaded is there once, whatever its results are called.
ARCHIVE = f"results/{DATASET if IS_DOWNLOADED else NAME}/archive.tar.gz"

# What timed jobs take their images from.
if DATASET == "folder":
    SOURCE_FILES = {
        "index": "results/{name}/folder/index.npy",
        "order": "results/{name}/folder/order.npy",
    }
elif DATASET == "arrays":
    SOURCE_FILES = {
        "images": os.path.expanduser(config["arrays"]["images"]),
        "labels": "results/{name}/arrays/labels.npy",
        "digests": "results/{name}/arrays/digests.npy",
    }
else:
    SOURCE_FILES = {
        name: f"results/{{name}}/doubled/{name}.npy" for name in ("images", "labels", "digests")
    }


# What is said of a folder beside that: the class of each image, and why files are left out.
OF_FOLDER = {name: f"results/{{name}}/{name}.csv" for name in ("labels", "left_out")}


if IS_DOWNLOADED:

    rule download_archive:
        output:
            archive=ARCHIVE,
            made_with=f"results/{DATASET}/made_with/download_archive.json",
        log:
            f"results/{DATASET}/logs/download_archive.log",
        params:
            **decides("download_archive", folder=DATASET, md5=IMAGES["md5"]),
            # Of a function that takes the input, Snakemake does not follow what it gives: from
            # wherever the archive comes, it is the same.
            url=lambda wildcards, input: config[DATASET]["url"],
        message:
            "Downloading the archive from {params.url}"
        script:
            "../scripts/download_archive.py"

elif DATASET == "lookalike":

    rule synthesize_archive:
        output:
            archive=ARCHIVE,
            made_with=f"results/{NAME}/made_with/synthesize_archive.json",
        log:
            f"results/{NAME}/logs/synthesize_archive.log",
        threads: 8
        params:
            **decides(
                "synthesize_archive",
                images={"image_count": config["image_count"], "seed": config["seed"]},
            ),
        message:
            "Making images that are stored like CIFAR-10's"
        script:
            "../scripts/synthesize_archive.py"


if DATASET == "arrays":

    rule digest_arrays:
        input:
            images=SOURCE_FILES["images"],
            labels=os.path.expanduser(config["arrays"]["labels"] or "") or [],
        output:
            labels=SOURCE_FILES["labels"],
            digests=SOURCE_FILES["digests"],
            made_with="results/{name}/made_with/digest_arrays.json",
        log:
            "results/{name}/logs/digest_arrays.log",
        params:
            **decides(
                "digest_arrays",
                image_count=config["image_count"],
                **copies_of(config["image_count"]),
            ),
        message:
            "Digesting {params.image_count} images of {input.images}"
        script:
            "../scripts/digest_arrays.py"


rule describe_images:
    input:
        **SOURCE_FILES,
        **({} if DATASET in ("folder", "arrays") else {"archive": ARCHIVE}),
    output:
        **(OF_FOLDER if DATASET == "folder" else {}),
        images="results/{name}/images.json",
        classes="results/{name}/classes.json",
        made_with="results/{name}/made_with/describe_images.json",
    log:
        "results/{name}/logs/describe_images.log",
    params:
        **decides(
            "describe_images", images=IMAGES, described=config["image_count"], dataset=DATASET
        ),
    message:
        "Describing the images of {wildcards.name}"
    script:
        "../scripts/describe_images.py"


rule unpickle_batches:
    input:
        archive=ARCHIVE,
    output:
        images="results/{name}/unpickled/images.npy",
        labels="results/{name}/unpickled/labels.npy",
        made_with="results/{name}/made_with/unpickle_batches.json",
    log:
        "results/{name}/logs/unpickle_batches.log",
    threads: 2
    params:
        **decides("unpickle_batches", dataset=DATASET),
    message:
        "Unpickling the batches of {wildcards.name}"
    script:
        "../scripts/unpickle_batches.py"


rule double_images:
    input:
        images="results/{name}/unpickled/images.npy",
        labels="results/{name}/unpickled/labels.npy",
    output:
        images="results/{name}/doubled/images.npy",
        labels="results/{name}/doubled/labels.npy",
        digests="results/{name}/doubled/digests.npy",
        made_with="results/{name}/made_with/double_images.json",
    log:
        "results/{name}/logs/double_images.log",
    params:
        **decides(
            "double_images",
            image_count=config["image_count"],
            **copies_of(config["image_count"]),
        ),
    message:
        "Repeating {wildcards.name} until there are {params.image_count} images"
    script:
        "../scripts/double_images.py"
