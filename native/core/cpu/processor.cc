// Asks the processor itself: compilers have functions for it, but not all bring along what those need to run.
#include "cpu/level.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#include <cstdint>

namespace permafrost::cpu {
namespace {

// Bits of what CPUID answers: Intel's Software Developer's Manual, volume 2, table 3-8 and the ones after it.
constexpr std::uint32_t kSse42InEcx1 = 1u << 20;
constexpr std::uint32_t kOsxsaveInEcx1 = 1u << 27;
constexpr std::uint32_t kF16cInEcx1 = 1u << 29;
constexpr std::uint32_t kAvx2InEbx7 = 1u << 5;
constexpr std::uint32_t kAvx512fInEbx7 = 1u << 16;
// Registers that the operating system keeps for each thread: volume 1, section 13.3.
constexpr std::uint64_t kKeepsYmm = 0x06;
constexpr std::uint64_t kKeepsZmm = 0xe6;

[[gnu::target("xsave")]] std::uint64_t KeptRegisters() { return _xgetbv(0); }

constexpr bool HasAll(std::uint64_t bits, std::uint64_t wanted) { return (bits & wanted) == wanted; }

}  // namespace

Level OfProcessor() {
  std::uint32_t eax = 0;
  std::uint32_t ebx = 0;
  std::uint32_t ecx1 = 0;
  std::uint32_t edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx1, &edx) == 0 || !HasAll(ecx1, kSse42InEcx1)) return Level::kPortable;
  std::uint32_t ebx7 = 0;
  std::uint32_t ecx7 = 0;
  if (!HasAll(ecx1, kOsxsaveInEcx1 | kF16cInEcx1) || __get_cpuid_count(7, 0, &eax, &ebx7, &ecx7, &edx) == 0) {
    return Level::kSse42;
  }
  const std::uint64_t kept = KeptRegisters();
  if (!HasAll(ebx7, kAvx2InEbx7) || !HasAll(kept, kKeepsYmm)) return Level::kSse42;
  return HasAll(ebx7, kAvx512fInEbx7) && HasAll(kept, kKeepsZmm) ? Level::kAvx512 : Level::kAvx2;
}

}  // namespace permafrost::cpu

#elif defined(__aarch64__)

namespace permafrost::cpu {

// Its vector instructions are part of the architecture.
Level OfProcessor() { return Level::kArmv8; }

}  // namespace permafrost::cpu

#else

namespace permafrost::cpu {

Level OfProcessor() { return Level::kPortable; }

}  // namespace permafrost::cpu

#endif
