// What `apart.mjs` runs: one freeze. It tells how it goes and what came of it, and ends.
import { freeze, isPermafrostError } from 'permafrost';

// The service may end before this does.
process.once('disconnect', () => process.exit());
process.once('message', async (options) => {
  const onProgress = (progress) => process.send({ progress });
  process.send(await outcomeOf({ ...options, onProgress }), () => process.disconnect());
});

async function outcomeOf(options) {
  try {
    const { out, bytes, variables } = await freeze(options);
    return { report: { out, bytes, variables: variables.length } };
  } catch (error) {
    return { failure: { code: isPermafrostError(error) ? error.code : undefined, message: error.message } };
  }
}
