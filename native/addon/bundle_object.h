// A TensorBundle as a JavaScript object: NativeBundle in src/native.ts.
#pragma once

#include <napi.h>

#include <memory>

#include "bundle/tensor_bundle.h"

namespace permafrost::addon {

class BundleObject final : public Napi::ObjectWrap<BundleObject> {
 public:
  // Makes the class for one environment.
  static Napi::Function Define(Napi::Env env);

  // openBundle(prefix: string): Promise<NativeBundle>
  static Napi::Value Open(const Napi::CallbackInfo& info);

  // emptyBundle(): NativeBundle
  static Napi::Value Empty(const Napi::CallbackInfo& info);

  // The bundle behind a NativeBundle; throws a TypeError for anything else.
  static std::shared_ptr<const TensorBundle> Borrow(const Napi::Value& value);

  explicit BundleObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value Columns(const Napi::CallbackInfo& info);
  Napi::Value PayloadSizes(const Napi::CallbackInfo& info);
  Napi::Value Strings(const Napi::CallbackInfo& info);
  Napi::Value Prefix(const Napi::CallbackInfo& info);
  Napi::Value ShardCount(const Napi::CallbackInfo& info);
  Napi::Value ShardPath(const Napi::CallbackInfo& info);

  std::shared_ptr<const TensorBundle> bundle_;
};

}  // namespace permafrost::addon
