// The crc32 instruction of SSE4.2. It takes three cycles but a new one can start in each, so three stretches of the
// input are worked on at once and their checksums joined afterwards.
#include "crc32c/implementations.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <nmmintrin.h>

#include <cstring>

#include "cpu/level.h"
#include "crc32c/polynomial.h"

namespace permafrost::crc32c {
namespace {

// Long enough to hide the joining; the short one serves what is left over.
constexpr std::size_t kLongLane = 4096;
constexpr std::size_t kShortLane = 256;
constexpr ByteTables kLongShift = ShiftTables(kLongLane);
constexpr ByteTables kShortShift = ShiftTables(kShortLane);

std::uint64_t Load64(const std::byte* data) {
  std::uint64_t value = 0;
  std::memcpy(&value, data, sizeof(value));
  return value;
}

template <std::size_t kLane>
[[gnu::target("sse4.2,crc32")]] std::uint32_t ExtendThreeLanes(std::uint32_t crc, const std::byte* data,
                                                               const ByteTables& shift) {
  std::uint64_t first = crc;
  std::uint64_t second = 0;
  std::uint64_t third = 0;
  for (std::size_t i = 0; i < kLane; i += 8) {
    first = _mm_crc32_u64(first, Load64(data + i));
    second = _mm_crc32_u64(second, Load64(data + kLane + i));
    third = _mm_crc32_u64(third, Load64(data + 2 * kLane + i));
  }
  const std::uint32_t joined = Shift(shift, static_cast<std::uint32_t>(first)) ^ static_cast<std::uint32_t>(second);
  return Shift(shift, joined) ^ static_cast<std::uint32_t>(third);
}

[[gnu::target("sse4.2,crc32")]] std::uint32_t ExtendSse42(std::uint32_t crc, std::span<const std::byte> bytes) {
  crc = ~crc;
  const std::byte* data = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 3 * kLongLane; data += 3 * kLongLane, left -= 3 * kLongLane) {
    crc = ExtendThreeLanes<kLongLane>(crc, data, kLongShift);
  }
  for (; left >= 3 * kShortLane; data += 3 * kShortLane, left -= 3 * kShortLane) {
    crc = ExtendThreeLanes<kShortLane>(crc, data, kShortShift);
  }
  for (; left >= 8; data += 8, left -= 8) {
    crc = static_cast<std::uint32_t>(_mm_crc32_u64(crc, Load64(data)));
  }
  for (; left > 0; ++data, --left) crc = _mm_crc32_u8(crc, std::to_integer<std::uint8_t>(*data));
  return ~crc;
}

}  // namespace

Extender Sse42Extend() { return cpu::MayUse(cpu::Level::kSse42) ? &ExtendSse42 : nullptr; }

}  // namespace permafrost::crc32c

#else

namespace permafrost::crc32c {

Extender Sse42Extend() { return nullptr; }

}  // namespace permafrost::crc32c

#endif
