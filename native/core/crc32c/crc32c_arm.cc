// The CRC extension of ARMv8, three stretches of the input at once as on x86.
#include "crc32c/implementations.h"

#if defined(__aarch64__) && (defined(__linux__) || defined(__APPLE__)) && (defined(__GNUC__) || defined(__clang__))

#include <arm_acle.h>
#ifdef __linux__
#include <sys/auxv.h>
#endif

#include <cstring>

#include "cpu/level.h"
#include "crc32c/polynomial.h"

#ifdef __clang__
#define PERMAFROST_TARGET_CRC [[gnu::target("crc")]]
#else
#define PERMAFROST_TARGET_CRC [[gnu::target("+crc")]]
#endif

namespace permafrost::crc32c {
namespace {

constexpr std::size_t kLane = 2048;
constexpr ByteTables kLaneShift = ShiftTables(kLane);

std::uint64_t Load64(const std::byte* data) {
  std::uint64_t value = 0;
  std::memcpy(&value, data, sizeof(value));
  return value;
}

PERMAFROST_TARGET_CRC std::uint32_t ExtendArm(std::uint32_t crc, std::span<const std::byte> bytes) {
  crc = ~crc;
  const std::byte* data = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 3 * kLane; data += 3 * kLane, left -= 3 * kLane) {
    std::uint32_t second = 0;
    std::uint32_t third = 0;
    for (std::size_t i = 0; i < kLane; i += 8) {
      crc = __crc32cd(crc, Load64(data + i));
      second = __crc32cd(second, Load64(data + kLane + i));
      third = __crc32cd(third, Load64(data + 2 * kLane + i));
    }
    crc = Shift(kLaneShift, Shift(kLaneShift, crc) ^ second) ^ third;
  }
  for (; left >= 8; data += 8, left -= 8) crc = __crc32cd(crc, Load64(data));
  for (; left > 0; ++data, --left) crc = __crc32cb(crc, std::to_integer<std::uint8_t>(*data));
  return ~crc;
}

bool Supported() {
#ifdef __linux__
  return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
#else
  return true;  // every Apple processor of this architecture
#endif
}

}  // namespace

Extender ArmExtend() { return cpu::MayUse(cpu::Level::kArmv8) && Supported() ? &ExtendArm : nullptr; }

}  // namespace permafrost::crc32c

#else

namespace permafrost::crc32c {

Extender ArmExtend() { return nullptr; }

}  // namespace permafrost::crc32c

#endif
