/** What people, and Keras, call what they feed only to say whether they train. */

/** Keras feeds it 1 in training and 0 for inference, whatever it is in front of. */
export const learningPhase: RegExp = /(^|\/)keras_learning_phase(_\d+)?$/;

/** Truth values that are true in training. */
export const trainingSwitch: RegExp =
  /(^|\/|^serving_default_)(is_?train(ing)?|train(ing)?|(train|training)_?(mode|flag|phase)|phase_?train|learning_phase|is_training_?(pl|ph|placeholder))(_\d+)?$/i;

/** Numbers that say how much dropout drops or keeps, and a phase that may be one of training or of something else. */
export const trainingAmount: RegExp = /(^|[/_])(phase|keep_(prob|rate)|dropout(_rate)?)(_\d+)?$/i;
