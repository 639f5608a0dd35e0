# Needs: the config's seed and image_count, or the archive of CIFAR-10.
# Makes: results/{name}/doubled/images.npy and labels.npy, and digests.npy of as many images as the
# config asks for: what is more than doubled is made while it is stored, and never a file.

# What is downloaded is there once, whatever its results are called.
ARCHIVE = f"results/{'cifar10' if config['dataset'] == 'cifar10' else NAME}/archive.tar.gz"


if config["dataset"] == "cifar10":

    rule download_archive:
        output:
            archive=ARCHIVE,
            made_with="results/cifar10/made_with/download_archive.json",
        log:
            "results/cifar10/logs/download_archive.log",
        params:
            **decides("download_archive", folder="cifar10", md5=IMAGES["md5"]),
            # Of a function that takes the input, Snakemake does not follow what it gives: from
            # wherever the archive comes, it is the same.
            url=lambda wildcards, input: config["cifar10"]["url"],
        message:
            "Downloading CIFAR-10 from {params.url}"
        script:
            "../scripts/download_archive.py"

else:

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
        **decides("unpickle_batches"),
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
