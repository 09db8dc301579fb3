// The wire format of protocol buffers, field by field, of messages too large to be held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "io/byte_cursor.h"
#include "proto/wire.h"
#include "status.h"

namespace permafrost {

// Where a field lies in its message.
struct FieldPlace {
  std::uint64_t number = 0;
  WireType type = kVarint;
  std::uint64_t offset = 0;  // of the bytes, where it is of kBytes
  std::uint64_t size = 0;    // as well

  bool Is(std::uint64_t wanted_number, WireType wanted_type) const {
    return number == wanted_number && type == wanted_type;
  }
};

class FieldCursor {
 public:
  enum class Step : std::uint8_t { kField, kEnd, kMalformed };

  // Holds `block` bytes of the message at a time.
  explicit FieldCursor(const ByteSource& message, std::size_t block = ByteCursor::kBlock)
      : cursor_(message.fetch, 0, message.size, block) {}

  // Goes on to the next field, past what is left of the one before. As `ReadField`, fails to read only as the source
  // does.
  Result<Step> Next(FieldPlace& field);

  // Lends the next bytes of a field of kBytes, `most` or fewer, until the next call; none are left where it lends none.
  Result<std::span<const std::byte>> Take(std::uint64_t most);

 private:
  ByteCursor cursor_;
  std::uint64_t left_ = 0;  // of the field
};

// Calls `take` for each field; false where the message is malformed or `take` says so.
template <typename Take>
Result<bool> ForEachFieldPlace(const ByteSource& message, Take take) {
  // The heads of fields are few bytes, and what is between them may be long.
  constexpr std::size_t kHeads = 512;
  FieldCursor cursor(message, kHeads);
  FieldPlace field;
  for (;;) {
    const auto step = cursor.Next(field);
    if (!step.ok()) return step.status();
    if (step.value() == FieldCursor::Step::kEnd) return true;
    if (step.value() == FieldCursor::Step::kMalformed || !take(field)) return false;
  }
}

}  // namespace permafrost
