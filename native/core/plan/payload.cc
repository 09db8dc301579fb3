#include "plan/payload.h"

#include <string>
#include <string_view>

#include "pieces/convert.h"
#include "pieces/running_checksum.h"
#include "text.h"

namespace permafrost {
namespace {

std::string_view EncodingName(PayloadEncoding encoding) {
  switch (encoding) {
    case PayloadEncoding::kRaw:
      return "raw bytes";
    case PayloadEncoding::kBool:
      return "bools";
    case PayloadEncoding::kVarint:
      return "varints";
    case PayloadEncoding::kStrings:
      return "strings";
    case PayloadEncoding::kFloat16:
      return "float16";
    case PayloadEncoding::kBfloat16:
      return "bfloat16";
    case PayloadEncoding::kInt8:
      return "int8";
    case PayloadEncoding::kInt32:
      return "int32";
    case PayloadEncoding::kFloat32:
      return "float32";
  }
  return "an unknown encoding";
}

bool Fits(DataType dtype, PayloadEncoding encoding) {
  switch (encoding) {
    case PayloadEncoding::kRaw:
      return ElementSize(dtype) != 0;
    case PayloadEncoding::kBool:
      return dtype == DataType::kBool;
    case PayloadEncoding::kVarint:
      return HasVarints(dtype);
    case PayloadEncoding::kStrings:
      return dtype == DataType::kString;
    case PayloadEncoding::kInt8:
      return dtype == DataType::kFloat32;
    case PayloadEncoding::kFloat16:
    case PayloadEncoding::kBfloat16:
    case PayloadEncoding::kInt32:
    case PayloadEncoding::kFloat32:
      return ConversionOf(dtype, encoding) != nullptr;
  }
  return false;
}

Status NoSuchPayload(const TensorEntry& entry, const std::string& cause) {
  return {StatusCode::kCheckpointUnsupported, "no such payload (" + cause + "): " + NameOf(entry)};
}

Result<Gather> Open(const Checkpoint& checkpoint, const TensorPart& part, PayloadEncoding encoding, Checksum checksum,
                    const Stop& stop = {}) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  if (!Fits(entry.dtype, encoding)) {
    return NoSuchPayload(entry, std::string(DataTypeName(entry.dtype)) + " as " + std::string(EncodingName(encoding)));
  }
  return Gather::Open(checkpoint, entry, part.region, checksum, stop);
}

Status WrongChannels(const TensorEntry& entry, std::uint64_t elements, std::uint64_t channels) {
  return NoSuchPayload(entry, std::to_string(elements) + " elements in " + std::to_string(channels) + " channels");
}

}  // namespace

Result<Gather> GatherPayload(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form,
                             Checksum checksum, const Stop& stop) {
  auto gather = Open(checkpoint, part, form.encoding, checksum, stop);
  if (!gather.ok()) return gather;
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  const std::uint64_t elements = gather.value().elements();
  const auto fit = [elements](const Channels& channels, std::size_t count) {
    return channels.Divide(elements) && channels.CountIn(elements) == count;
  };
  const auto& [factors, scaled] = form.factors;
  if (!factors.empty() && !CanScale(entry.dtype)) {
    return NoSuchPayload(entry, std::string(DataTypeName(entry.dtype)) + " times a number");
  }
  if (!factors.empty() && !fit(scaled, factors.size())) return WrongChannels(entry, elements, factors.size());
  const auto& [scales, channels] = form.scales;
  if (form.encoding == PayloadEncoding::kInt8 && !fit(channels, scales.size())) {
    return WrongChannels(entry, elements, scales.size());
  }
  return gather;
}

Result<std::uint64_t> ChannelledElements(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form,
                                         const Channels& channels) {
  if (const auto quantized = Open(checkpoint, part, PayloadEncoding::kInt8, Checksum::kIgnore); !quantized.ok()) {
    return quantized.status();
  }
  const auto gather = GatherPayload(checkpoint, part, form, Checksum::kIgnore);
  if (!gather.ok()) return gather.status();
  const std::uint64_t elements = gather.value().elements();
  if (channels.Divide(elements)) return elements;
  return WrongChannels(checkpoint.entries()[part.entry], elements, channels.count);
}

Result<std::uint64_t> PayloadSize(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form) {
  auto gather = GatherPayload(checkpoint, part, form, Checksum::kIgnore);
  if (!gather.ok()) return gather.status();
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  const std::size_t element_size = EncodedSize(entry.dtype, form.encoding);
  if (element_size != 0) return gather.value().elements() * element_size;
  std::uint64_t size = 0;
  Encoder encoder(checkpoint, entry, form);
  Status status = gather.value().ForEachBlock([&](std::span<const std::byte> block) -> Status {
    size += encoder.SizeOf(block);
    return {};
  });
  if (!status.ok()) return status;
  return size;
}

Result<std::uint64_t> EmitPayload(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form,
                                  const ByteSink& sink) {
  auto gather = GatherPayload(checkpoint, part, form, Checksum::kVerify);
  if (!gather.ok()) return gather.status();
  Encoder encoder(checkpoint, checkpoint.entries()[part.entry], form);
  Status status =
      gather.value().ForEachBlock([&](std::span<const std::byte> block) { return sink(encoder.Encode(block)); });
  if (!status.ok()) return status;
  return encoder.overflows();
}

bool IsDivisible(const Checkpoint& checkpoint, const TensorPart& part, const PayloadForm& form) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  return checkpoint.format() == CheckpointFormat::kBundle && entry.slices.empty() && part.region.empty() &&
         EncodedSize(entry.dtype, form.encoding) != 0;
}

Status CheckDivided(const Checkpoint& checkpoint, const TensorPart& part, std::uint32_t crc) {
  const TensorEntry& entry = checkpoint.entries()[part.entry];
  return CompareChecksums(entry.crc32c, crc, checkpoint.Describe(entry, NameOf(entry)));
}

}  // namespace permafrost
