/** What is in a folder of the layout `mmap`. */
export const mmapGraph = 'graph.pb';
export const mmapWeights = 'weights';
