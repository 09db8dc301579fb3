// writePlan(checkpoint: NativeCheckpoint, plan: NativePlan): NativeWrite, as src/native.ts declares it.
#pragma once

#include <napi.h>

namespace permafrost::addon {

Napi::Value StartWritePlan(const Napi::CallbackInfo& info);

}  // namespace permafrost::addon
