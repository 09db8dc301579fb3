"""Writes a ResNet50 of Keras, with weights by chance, as a SavedModel.

    python resnet50.py <folder>
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf  # pylint: disable=wrong-import-position


def main(folder):
    """Exported as people export models for serving."""
    model = tf.keras.applications.ResNet50(weights=None)
    model.export(folder, verbose=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
