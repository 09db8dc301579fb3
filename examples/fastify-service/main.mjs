import { service } from './service.mjs';

const app = await service();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close());
console.log(await app.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? '127.0.0.1' }));
