/** Ops that add up what replicas have while they train together, and give the sum to each; those of TPUs, Horovod and Ascend, too. */
export const allReduces: ReadonlySet<string> = new Set([
  ...['CollectiveReduce', 'CollectiveReduceV2', 'CollectiveReduceV3', 'NcclAllReduce'],
  ...['HorovodAllreduce', 'HcomAllReduce', 'CrossReplicaSum'],
]);
