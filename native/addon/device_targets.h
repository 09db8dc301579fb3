// What src/native.ts declares of device targets, each function under its own name there.
#pragma once

#include <napi.h>

namespace permafrost::addon {

// deviceTargets(): DeviceTarget[]
Napi::Value DeviceTargets(const Napi::CallbackInfo& info);

// loadDevicePlugin(path: string): DeviceTarget[]
Napi::Value LoadDevicePlugin(const Napi::CallbackInfo& info);

// deviceString(target: string, index: number): string
Napi::Value DeviceString(const Napi::CallbackInfo& info);

// wantedConstant(target: string, dtype: number): ConstantWish
Napi::Value WantedConstant(const Napi::CallbackInfo& info);

}  // namespace permafrost::addon
