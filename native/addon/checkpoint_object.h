// A Checkpoint as a JavaScript object: NativeCheckpoint in src/native-checkpoint.ts.
#pragma once

#include <napi.h>

#include <memory>

#include "checkpoint/checkpoint.h"

namespace permafrost::addon {

class CheckpointObject final : public Napi::ObjectWrap<CheckpointObject> {
 public:
  // Makes the class for one environment.
  static Napi::Function Define(Napi::Env env);

  // openBundle(prefix: string): NativeOpening
  static Napi::Value OpenBundle(const Napi::CallbackInfo& info);

  // openV1(prefix: string, files: string[]): NativeOpening
  static Napi::Value OpenV1(const Napi::CallbackInfo& info);

  // emptyCheckpoint(): NativeCheckpoint
  static Napi::Value Empty(const Napi::CallbackInfo& info);

  // The checkpoint behind a NativeCheckpoint; throws a TypeError for anything else.
  static std::shared_ptr<const Checkpoint> Borrow(const Napi::Value& value);

  explicit CheckpointObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value Columns(const Napi::CallbackInfo& info);
  Napi::Value PayloadSizes(const Napi::CallbackInfo& info);
  Napi::Value Payloads(const Napi::CallbackInfo& info);
  Napi::Value Strings(const Napi::CallbackInfo& info);
  Napi::Value Pieces(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);
  Napi::Value Prefix(const Napi::CallbackInfo& info);
  Napi::Value ShardCount(const Napi::CallbackInfo& info);
  Napi::Value ShardPath(const Napi::CallbackInfo& info);

  // Throws where it is closed.
  const std::shared_ptr<const Checkpoint>& Opened(Napi::Env env) const;

  std::shared_ptr<const Checkpoint> checkpoint_;  // null once it is closed
};

}  // namespace permafrost::addon
