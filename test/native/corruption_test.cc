// Every byte of a small checkpoint, changed on its own: an error, or the very same output.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "small_model.h"
#include "temporary_folder.h"

namespace permafrost {
namespace {

using test::SmallKind;
using test::SmallLayout;
using test::TemporaryFolder;

// One bit, the sign, the bit that ends a varint with others, and all of them.
constexpr unsigned kMasks[] = {0x01, 0x40, 0x80, 0xff};

bool IsExpected(StatusCode code) {
  return code == StatusCode::kCheckpointMalformed || code == StatusCode::kChecksumMismatch ||
         code == StatusCode::kCheckpointUnsupported;
}

class CorruptionTest : public ::testing::Test {
 protected:
  void Sweep(SmallKind kind, const std::vector<std::string>& names) {
    const std::string target = folder_ / "out";
    test::WriteSmallModel(folder_ / "", kind);
    const auto right = Frozen(kind, target);
    ASSERT_TRUE(right.ok()) << right.status().message();
    for (const std::string& name : names) {
      const std::string whole = test::ReadFile(folder_ / name);
      std::size_t refused = 0;
      std::size_t same = 0;
      for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const unsigned mask : kMasks) {
          std::string changed = whole;
          changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
          test::WriteFile(folder_ / name, changed);
          const auto frozen = Frozen(kind, target);
          if (frozen.ok()) {
            EXPECT_EQ(frozen.value(), right.value()) << name << ", byte " << at << " ^ " << mask;
            ++same;
          } else {
            EXPECT_TRUE(IsExpected(frozen.status().code())) << frozen.status().message();
            ++refused;
          }
        }
      }
      test::WriteFile(folder_ / name, whole);
      std::printf("%s: %zu bytes, %zu changes, %zu refused, %zu of no consequence\n", name.c_str(), whole.size(),
                  refused + same, refused, same);
      // What no checksum covers: 40 bytes of a table's footer, and nothing of the data.
      EXPECT_LE(same, (name.find("data") == std::string::npos ? 40 : 0) * std::size(kMasks)) << name;
    }
  }

 private:
  // The output's bytes. After a failure there is none.
  Result<std::string> Frozen(SmallKind kind, const std::string& target) {
    const auto written = test::FreezeSmallModel(folder_ / "", kind, target, SmallLayout::kFile);
    if (!written.ok()) {
      EXPECT_FALSE(std::filesystem::exists(target)) << written.status().message();
      return written.status();
    }
    std::string bytes = test::ReadFile(target);
    std::filesystem::remove(target);
    return bytes;
  }

  TemporaryFolder folder_;
};

TEST_F(CorruptionTest, OfABundleIsNoticedOrOfNoConsequence) {
  Sweep(SmallKind::kBundle, {"m.index", "m.data-00000-of-00002", "m.data-00001-of-00002"});
}

TEST_F(CorruptionTest, OfAV1CheckpointIsNoticedOrOfNoConsequence) { Sweep(SmallKind::kV1, {"m-0", "m-1"}); }

}  // namespace
}  // namespace permafrost
