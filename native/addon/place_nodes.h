// placeNodes(columns: PlacementColumns): Promise<PlacementResult>, as src/native.ts declares it.
#pragma once

#include <napi.h>

namespace permafrost::addon {

Napi::Value PlaceNodes(const Napi::CallbackInfo& info);

}  // namespace permafrost::addon
