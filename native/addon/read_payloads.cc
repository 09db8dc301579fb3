#include "read_payloads.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "plan/payload.h"
#include "promise_thread.h"
#include "promise_worker.h"
#include "tensor_columns.h"

namespace permafrost::addon {

namespace {

using Bytes = std::vector<std::byte>;

struct Wanted {
  TensorPart part;
  PayloadForm form;
};

std::vector<Wanted> AllWanted(const Napi::CallbackInfo& info, const char* usage, const Checkpoint& checkpoint) {
  if (!info[0].IsObject()) throw Napi::TypeError::New(info.Env(), usage);
  const TensorColumns columns(info[0].As<Napi::Object>(), checkpoint);
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < columns.count(); ++i) wanted.push_back({columns.Part(i), columns.Form(i)});
  return wanted;
}

Result<Bytes> PayloadOf(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form) {
  if (Status status = checkpoint.stop().Check(); !status.ok()) return status;
  Bytes bytes;
  const auto emitted = EmitPayload(checkpoint, part, form, [&bytes](std::span<const std::byte> block) -> Status {
    bytes.insert(bytes.end(), block.begin(), block.end());
    return {};
  });
  if (!emitted.ok()) return emitted.status();
  return bytes;
}

Napi::Value ToArray(Napi::Env env, const Bytes& bytes) {
  auto array = Napi::Uint8Array::New(env, bytes.size());
  std::ranges::copy(bytes, reinterpret_cast<std::byte*>(array.Data()));
  return array;
}

}  // namespace

Napi::Value MeasurePayloads(const Napi::CallbackInfo& info, const std::shared_ptr<const Checkpoint>& checkpoint) {
  auto wanted = AllWanted(info, "payloadSizes(tensors: TensorColumns)", *checkpoint);
  const auto measure = [checkpoint, wanted = std::move(wanted)]() -> Result<std::vector<double>> {
    std::vector<double> sizes;
    for (const auto& [part, form] : wanted) {
      if (Status status = checkpoint->stop().Check(); !status.ok()) return status;
      const auto size = PayloadSize(*checkpoint, part, form);
      if (!size.ok()) return size.status();
      sizes.push_back(static_cast<double>(size.value()));
    }
    return sizes;
  };
  return PromiseThread<std::vector<double>>::Run(info.Env(), "permafrost.payloadSizes", measure,
                                                 [](Napi::Env at, std::vector<double> sizes) {
                                                   auto array = Napi::Float64Array::New(at, sizes.size());
                                                   std::ranges::copy(sizes, array.Data());
                                                   return array;
                                                 });
}

Napi::Value ReadPayloads(const Napi::CallbackInfo& info, const std::shared_ptr<const Checkpoint>& checkpoint) {
  auto wanted = AllWanted(info, "payloads(tensors: TensorColumns)", *checkpoint);
  const auto read = [checkpoint, wanted = std::move(wanted)]() -> Result<std::vector<Bytes>> {
    std::vector<Bytes> payloads;
    for (const auto& [part, form] : wanted) {
      auto payload = PayloadOf(*checkpoint, part, form);
      if (!payload.ok()) return payload.status();
      payloads.push_back(std::move(payload).value());
    }
    return payloads;
  };
  return PromiseThread<std::vector<Bytes>>::Run(info.Env(), "permafrost.payloads", read,
                                                [](Napi::Env at, const std::vector<Bytes>& payloads) {
                                                  auto all = Napi::Array::New(at, payloads.size());
                                                  for (std::uint32_t i = 0; i < payloads.size(); ++i) {
                                                    all.Set(i, ToArray(at, payloads[i]));
                                                  }
                                                  return all;
                                                });
}

Napi::Value ReadStrings(const Napi::CallbackInfo& info, const std::shared_ptr<const Checkpoint>& checkpoint) {
  const double row = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : -1;
  if (!(row >= 0 && row < static_cast<double>(checkpoint->entries().size()))) {
    throw Napi::RangeError::New(info.Env(), "no such row in the checkpoint");
  }
  const auto read = [checkpoint, row = static_cast<std::uint32_t>(row)] {
    return PayloadOf(*checkpoint, {row, {}}, PayloadEncoding::kStrings);
  };
  return PromiseWorker<Bytes>::Run(info.Env(), "permafrost.strings", read, ToArray);
}

}  // namespace permafrost::addon
