#pragma once

#include <napi.h>

namespace permafrost::addon {

// damageSearch(checkpoint: NativeCheckpoint): NativeDamageSearch
Napi::Value OpenDamageSearch(const Napi::CallbackInfo& info);

}  // namespace permafrost::addon
