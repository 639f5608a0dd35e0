# Needs: the config's seed and image_count, the archive of CIFAR-10 or CIFAR-100, or two .npy files.
# Makes: results/{name}/doubled/images.npy and labels.npy, and digests.npy of as many images as the
# config asks for: what is more than doubled is made while it is stored, and never a file. Of a folder:
# results/{name}/folder, with its index, the order of its images and the plan of what is measured.

IS_DOWNLOADED = DATASET in ("cifar10", "cifar100")
# What is downloaded is there once, whatever its results are called.
ARCHIVE = f"results/{DATASET if IS_DOWNLOADED else NAME}/archive.tar.gz"


# What timed jobs take their images from.
if DATASET == "folder":
    SOURCE_FILES = {
        "index": of_folder("index.npy"),
        "order": of_folder("order.npy"),
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


rule stamp:
    output:
        touch("results/{folder}/stamps/{rule}-{key}"),
    wildcard_constraints:
        folder=any_of({NAME, DATASET}),
        rule="[a-z_]+",
    message:
        "Noting with what {wildcards.rule} is made"


if not rules.stamp.output[0].startswith("results/"):
    refuse(
        "this workflow cannot be used as a module with a prefix: give its config a name, which is that "
        "of its folder in results/"
    )


if DATASET == "folder":

    checkpoint plan_folder:
        output:
            looked_at=str(FOLDER_PLAN or folder_plan.looked_at(RESULTS / "folder", "none")),
        log:
            f"results/{NAME}/logs/plan_folder.log",
        threads: whole_machine
        message:
            "Looking at the folder of images, and trying each format with a few of them"
        script:
            "../scripts/plan_folder.py"

    localrules:
        plan_folder,


if IS_DOWNLOADED:
    ARCHIVE_MADE = decides("download_archive", folder=DATASET, md5=config[DATASET]["md5"].lower())

    rule download_archive:
        input:
            stamp=ARCHIVE_MADE.stamp,
        output:
            archive=ARCHIVE,
        log:
            f"results/{DATASET}/logs/download_archive.log",
        params:
            **ARCHIVE_MADE.params,
            # Of a function that takes the input, Snakemake does not follow what it gives: from
            # wherever the archive comes, it is the same.
            url=lambda wildcards, input: config[DATASET]["url"],
        message:
            "Downloading the archive from {params.url}"
        script:
            "../scripts/download_archive.py"

elif DATASET == "lookalike":
    ARCHIVE_MADE = decides(
        "synthesize_archive",
        folder=NAME,
        images={"image_count": config["image_count"], "seed": config["seed"]},
    )

    rule synthesize_archive:
        input:
            stamp=ARCHIVE_MADE.stamp,
        output:
            archive=ARCHIVE,
        log:
            f"results/{NAME}/logs/synthesize_archive.log",
        threads: 8
        params:
            **ARCHIVE_MADE.params,
        message:
            "Making images that are stored like CIFAR-10's"
        script:
            "../scripts/synthesize_archive.py"


if DATASET == "arrays":
    DIGESTED = decides("digest_arrays", **of_all_images())

    rule digest_arrays:
        input:
            stamp=DIGESTED.stamp,
            images=SOURCE_FILES["images"],
            labels=os.path.expanduser(config["arrays"]["labels"] or "") or [],
        output:
            labels=SOURCE_FILES["labels"],
            digests=SOURCE_FILES["digests"],
        log:
            "results/{name}/logs/digest_arrays.log",
        params:
            **DIGESTED.params,
        message:
            "Digesting {params.image_count} images of {input.images}"
        script:
            "../scripts/digest_arrays.py"


DESCRIBED = decides(
    "describe_images",
    images=later(lambda now: now.images),
    described=later(lambda now: now.config["image_count"]),
    dataset=DATASET,
)


rule describe_images:
    input:
        planned,
        **SOURCE_FILES,
        **({} if DATASET in ("folder", "arrays") else {"archive": ARCHIVE}),
        stamp=DESCRIBED.stamp,
    output:
        **(OF_FOLDER if DATASET == "folder" else {}),
        images="results/{name}/images.json",
        classes="results/{name}/classes.json",
    log:
        "results/{name}/logs/describe_images.log",
    params:
        **DESCRIBED.params,
    message:
        "Describing the images of {wildcards.name}"
    script:
        "../scripts/describe_images.py"


if DATASET not in ("folder", "arrays"):
    UNPICKLED = decides("unpickle_batches", dataset=DATASET)

    rule unpickle_batches:
        input:
            stamp=UNPICKLED.stamp,
            archive=ARCHIVE,
        output:
            images="results/{name}/unpickled/images.npy",
            labels="results/{name}/unpickled/labels.npy",
        log:
            "results/{name}/logs/unpickle_batches.log",
        threads: 2
        params:
            **UNPICKLED.params,
        message:
            "Unpickling the batches of {wildcards.name}"
        script:
            "../scripts/unpickle_batches.py"

    DOUBLED = decides("double_images", **of_all_images())

    rule double_images:
        input:
            stamp=DOUBLED.stamp,
            images="results/{name}/unpickled/images.npy",
            labels="results/{name}/unpickled/labels.npy",
        output:
            images="results/{name}/doubled/images.npy",
            labels="results/{name}/doubled/labels.npy",
            digests="results/{name}/doubled/digests.npy",
        log:
            "results/{name}/logs/double_images.log",
        params:
            **DOUBLED.params,
        message:
            "Repeating {wildcards.name} until there are {params.image_count} images"
        script:
            "../scripts/double_images.py"
