// The addon's surface; src/native.ts declares each function with its contract.
#include <napi.h>

#include "addon_data.h"
#include "bundle_object.h"
#include "write_plan.h"

namespace permafrost::addon {

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto* data = new AddonData;
  env.SetInstanceData(data);  // which deletes it with the environment, after the hook
  env.AddCleanupHook([](AddonData* ending) { ending->AbortWrites(); }, data);
  data->bundle_class = Napi::Persistent(BundleObject::Define(env));

  exports["openBundle"] = Napi::Function::New<BundleObject::Open>(env, "openBundle");
  exports["emptyBundle"] = Napi::Function::New<BundleObject::Empty>(env, "emptyBundle");
  exports["writePlan"] = Napi::Function::New<StartWritePlan>(env, "writePlan");
  return exports;
}

NODE_API_MODULE(permafrost, Init)

}  // namespace

}  // namespace permafrost::addon
