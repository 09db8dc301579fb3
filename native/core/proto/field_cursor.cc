#include "proto/field_cursor.h"

#include <algorithm>
#include <optional>

namespace permafrost {

Result<FieldCursor::Step> FieldCursor::Next(FieldPlace& field) {
  cursor_.Skip(left_);
  left_ = 0;
  if (cursor_.remaining() == 0) return Step::kEnd;
  const auto tag = cursor_.TakeVarint();
  if (!tag.ok()) return tag.status();
  if (!tag.value() || !IsTag(*tag.value())) return Step::kMalformed;
  field = {*tag.value() >> 3, static_cast<WireType>(*tag.value() & 7)};
  if (field.type == kFixed32) left_ = sizeof(std::uint32_t);
  if (field.type == kFixed64) left_ = sizeof(std::uint64_t);
  if (field.type == kVarint || field.type == kBytes) {
    const auto value = cursor_.TakeVarint();
    if (!value.ok()) return value.status();
    if (!value.value()) return Step::kMalformed;
    if (field.type == kBytes) field.size = left_ = *value.value();
  }
  field.offset = cursor_.position();
  return left_ <= cursor_.remaining() ? Step::kField : Step::kMalformed;
}

Result<std::span<const std::byte>> FieldCursor::Take(std::uint64_t most) {
  const auto bytes = cursor_.Take(std::min(most, left_));
  if (bytes.ok()) left_ -= bytes.value().size();
  return bytes;
}

}  // namespace permafrost
