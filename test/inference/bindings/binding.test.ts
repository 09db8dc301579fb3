import { expect, it } from 'vitest';
import { Tensor } from '../../../src/evaluate/tensor.js';
import { parseBindings } from '../../../src/inference/bindings/binding.js';
import { boundValue } from '../../../src/inference/bindings/bound-value.js';
import { DataType } from '../../../src/proto/data-types.js';
import { thrownBy } from '../../support/failure.js';
