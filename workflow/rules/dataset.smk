# Needs: the config's seed and image_count, or the archive of CIFAR-10.
# Makes: results/{dataset}/doubled/images.npy and labels.npy, as many as the config asks for.


rule download_archive:
    output:
        archive="results/cifar10/archive.tar.gz",
    log:
        "results/cifar10/logs/download_archive.log",
    conda:
        "../../envs/dataset.yaml"
    params:
        source=dict(config["cifar10"]),
        code=code_of("download_archive.py"),
    message:
        "Downloading CIFAR-10 from {params.source[url]}"
    script:
        "../scripts/download_archive.py"


rule synthesize_archive:
    output:
        archive="results/lookalike/archive.tar.gz",
    log:
        "results/lookalike/logs/synthesize_archive.log",
    conda:
        "../../envs/dataset.yaml"
    threads: 8
    params:
        images={"image_count": config["image_count"], "seed": config["seed"]},
        code=code_of("synthesize_archive.py"),
    message:
        "Making images that are stored like CIFAR-10's"
    script:
        "../scripts/synthesize_archive.py"


rule unpickle_batches:
    input:
        archive="results/{dataset}/archive.tar.gz",
    output:
        images="results/{dataset}/unpickled/images.npy",
        labels="results/{dataset}/unpickled/labels.npy",
    log:
        "results/{dataset}/logs/unpickle_batches.log",
    conda:
        "../../envs/dataset.yaml"
    threads: 2
    params:
        code=code_of("unpickle_batches.py"),
    message:
        "Unpickling the batches of {wildcards.dataset}"
    script:
        "../scripts/unpickle_batches.py"


rule double_images:
    input:
        images="results/{dataset}/unpickled/images.npy",
        labels="results/{dataset}/unpickled/labels.npy",
    output:
        images="results/{dataset}/doubled/images.npy",
        labels="results/{dataset}/doubled/labels.npy",
    log:
        "results/{dataset}/logs/double_images.log",
    conda:
        "../../envs/dataset.yaml"
    params:
        image_count=config["image_count"],
        code=code_of("double_images.py"),
    message:
        "Repeating {wildcards.dataset} until there are {params.image_count} images"
    script:
        "../scripts/double_images.py"
