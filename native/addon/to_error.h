// What the core failed with, as JavaScript's error.
#pragma once

#include <napi.h>

#include <string>

#include "status.h"

namespace permafrost::addon {

// An Error whose `code` is a PermafrostErrorCode; src/native.ts makes it a PermafrostError.
inline Napi::Error ToError(Napi::Env env, const Status& status) {
  Napi::Error error = Napi::Error::New(env, status.message());
  error.Set("code", Napi::String::New(env, std::string(CodeName(status.code()))));
  return error;
}

}  // namespace permafrost::addon
