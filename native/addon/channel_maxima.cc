#include "channel_maxima.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "checkpoint_object.h"
#include "plan/channel_maxima.h"
#include "promise_thread.h"
#include "tensor_columns.h"

namespace permafrost::addon {

using Maxima = std::vector<std::vector<float>>;

Napi::Value StartChannelMaxima(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject() || !info[2].IsNumber()) {
    throw Napi::TypeError::New(env,
                               "channelMaxima(checkpoint: NativeCheckpoint, tensors: TensorColumns, threads: number)");
  }
  auto checkpoint = CheckpointObject::Borrow(info[0]);
  const TensorColumns columns(info[1].As<Napi::Object>(), *checkpoint);
  std::vector<ChannelledTensor> tensors;
  for (std::size_t i = 0; i < columns.count(); ++i) {
    tensors.push_back({columns.Part(i), columns.ChannelsOf(i), columns.Form(i)});
  }
  return PromiseThread<Maxima>::Run(
      env, "permafrost.channelMaxima",
      [checkpoint = std::move(checkpoint), tensors = std::move(tensors),
       threads = info[2].As<Napi::Number>().Uint32Value()] { return FindChannelMaxima(*checkpoint, tensors, threads); },
      [](Napi::Env at, const Maxima& maxima) {
        auto all = Napi::Array::New(at, maxima.size());
        for (std::uint32_t i = 0; i < maxima.size(); ++i) {
          auto array = Napi::Float32Array::New(at, maxima[i].size());
          std::ranges::copy(maxima[i], array.Data());
          all.Set(i, array);
        }
        return all;
      });
}

}  // namespace permafrost::addon
