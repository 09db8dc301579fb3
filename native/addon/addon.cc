// The addon's surface; src/native.ts declares each function with its contract.
#include <napi.h>

#include "bundle_object.h"
#include "write_plan.h"

namespace permafrost::addon {

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  // Per environment, so that worker threads have their own.
  auto* data = new AddonData;
  env.SetInstanceData(data);
  data->bundle_class = Napi::Persistent(BundleObject::Define(env));

  exports["openBundle"] = Napi::Function::New<BundleObject::Open>(env, "openBundle");
  exports["writePlan"] = Napi::Function::New<StartWritePlan>(env, "writePlan");
  return exports;
}

NODE_API_MODULE(permafrost, Init)

}  // namespace

}  // namespace permafrost::addon
