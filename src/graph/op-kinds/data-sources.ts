/** Ops that bring training data into a graph: what hands it out, and what it comes from. */

/** The ops whose outputs are the data, and what people call that which they read. */
const handOut: readonly (readonly [what: string, ops: RegExp])[] = [
  ['iterator', /^(IteratorGetNext(Sync)?|MultiDeviceIteratorGetNextFromShard|GetNext(V2)?)$/],
  ['dataset', /^DatasetToSingleElement$/],
  ['queue', /^QueueDequeue(Many|UpTo)?(V2)?$/],
  ['barrier', /^BarrierTakeMany$/],
  ['staging area', /^((Ordered)?Map)?(Unstage|UnstageNoKey)$/],
  ['reader', /^ReaderRead(UpTo)?(V2)?$/],
  ['record reader', /^RecordInput$/],
  ['infeed', /^InfeedDequeue(Tuple)?$/],
];

/** What data comes from; no graph for inference has one of these. */
const origins: readonly (readonly [what: string, ops: RegExp])[] = [
  ['iterator', /^(Iterator(V2)?|OneShotIterator|AnonymousIterator(V[23])?|IteratorFromStringHandle(V2)?)$/],
  [
    'iterator',
    /^((Anonymous)?MultiDeviceIterator(V3)?|MultiDeviceIteratorFromStringHandle|IteratorGetNextAsOptional)$/,
  ],
  ['queue', /^(FIFO|PaddingFIFO|Priority|RandomShuffle|Fake)Queue(V2)?$/],
  ['barrier', /^Barrier$/],
  ['reader', /^(FixedLengthRecord|Identity|LMDB|TFRecord|TextLine|WholeFile)Reader(V2)?$/],
];

/** As in "iterator"; undefined where an op hands no training data out. */
export function handsOut(op: string): string | undefined {
  return handOut.find(([, ops]) => ops.test(op))?.[0];
}

/** The same for what hands out training data and what that comes from. */
export function inputSource(op: string): string | undefined {
  return handsOut(op) ?? origins.find(([, ops]) => ops.test(op))?.[0];
}

/** What makes, moves or stores training data: besides those above, whole datasets, and what fills queues. */
const handling =
  /^(\w*Iterator\w*|\w*Dataset\w*|\w*Queue\w*|\w+Reader(V2)?|Reader\w+|(Ordered)?(Map)?(Uns|S)tage\w*|RecordInput)$/;

export function handlesTrainingData(op: string): boolean {
  return handling.test(op);
}
