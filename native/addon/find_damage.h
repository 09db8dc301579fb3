#pragma once

#include <napi.h>

namespace permafrost::addon {

// findDamage(checkpoint: NativeCheckpoint, threads: number): NativeSearch
Napi::Value StartFindDamage(const Napi::CallbackInfo& info);

}  // namespace permafrost::addon
