#pragma once

#include <napi.h>

namespace permafrost::addon {

// The value as a typed array of exactly that type; node-addon-api's own cast does not look.
template <typename Array>
Array TypedArrayOf(const Napi::Value& value, napi_typedarray_type type) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) {
    throw Napi::TypeError::New(value.Env(), "a typed array of another type was expected");
  }
  return value.As<Array>();
}

}  // namespace permafrost::addon
