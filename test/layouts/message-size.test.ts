import { expect, it } from 'vitest';
import { refuseLargeMessage } from '../../src/layouts/message-size.js';

const tooLarge = 2 ** 31;

it('a message without variables names none', () => {
  expect(() => refuseLargeMessage('GraphDef', tooLarge, [])).toThrow(/nothing was written\. Choose outputs/);
});
it('the advice can be another', () => {
  expect(() => refuseLargeMessage('GraphDef', tooLarge, [], 'Leave some out.')).toThrow(/written\. Leave some out\.$/);
});
it('2 GiB less one byte can be read', () => {
  expect(() => refuseLargeMessage('GraphDef', tooLarge - 1, [])).not.toThrow();
});
