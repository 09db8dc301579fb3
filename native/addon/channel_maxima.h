// channelMaxima(checkpoint: NativeCheckpoint, tensors: TensorColumns, threads: number): Promise<Float32Array[]>, as
// src/native.ts declares it.
#pragma once

#include <napi.h>

namespace permafrost::addon {

Napi::Value StartChannelMaxima(const Napi::CallbackInfo& info);

}  // namespace permafrost::addon
