#include "plan/channel_maxima.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "bundle_builder.h"
#include "written_payload.h"

namespace permafrost {
namespace {

using test::BundleBuilder;
using test::Floats;

class ChannelMaximaTest : public test::WrittenPayloadTest {
 protected:
  std::vector<float> Find(const Channels& channels, const Region& region = {}) {
    const std::vector<ChannelledTensor> tensors = {{{0, region}, channels}};
    const auto found = FindChannelMaxima(*checkpoint_, tensors, threads_);
    message_ = found.status().message();
    return found.ok() ? found.value().front() : std::vector<float>();
  }

  std::string message_;
};

TEST_F(ChannelMaximaTest, AreTheLargestMagnitudes) {
  for (const bool big_endian : {false, true}) {
    BundleBuilder whole(1, big_endian);
    whole.Add("t", DataType::kFloat32, {2, 3}, Floats({1, -5, 0, -2, 4, 0}, big_endian));
    BundleBuilder sliced(1, big_endian);
    sliced.Add("t", DataType::kFloat32, {2, 3}, "");
    sliced.AddSlice("t", {{0, 2}, {2, 1}}, Floats({0, 0}, big_endian));
    sliced.AddSlice("t", {{0, 2}, {0, 2}}, Floats({1, -5, -2, 4}, big_endian));
    for (const BundleBuilder& builder : {whole, sliced}) {
      Open(builder);
      EXPECT_EQ(Find({3, 1}), (std::vector<float>{2, 5, 0}));
      EXPECT_EQ(Find({2, 3}), (std::vector<float>{5, 4}));
      EXPECT_EQ(Find({1, 1}), (std::vector<float>{5}));
      EXPECT_EQ(Find({3, 1, 3}), (std::vector<float>{1, 5, 0, 2, 4, 0}));
      EXPECT_EQ(Find({2, 1}, {{1, 1}, {0, 2}}), (std::vector<float>{2, 4}));
    }
  }
}

TEST_F(ChannelMaximaTest, SayWhereAChannelHasNoFiniteNumbers) {
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {2, 3}, Floats({1, kNone, -kInfinite, 3, kInfinite, 0}));
  Open(builder);
  const std::vector<float> maxima = Find({3, 1});
  ASSERT_EQ(maxima.size(), 3u);
  EXPECT_EQ(maxima[0], 3);
  EXPECT_TRUE(std::isnan(maxima[1]));
  EXPECT_EQ(maxima[2], kInfinite);
}

TEST_F(ChannelMaximaTest, OfALargeTensorAreFoundByAnyNumberOfThreads) {
  // Two stretches, the second of which is shorter.
  constexpr std::size_t kCount = 2'000'000;
  std::vector<float> values(kCount);
  for (std::size_t i = 0; i < kCount; ++i) values[i] = static_cast<float>(i) * (i % 2 == 0 ? 1.f : -1.f);
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {kCount}, Floats(values));
  Open(builder);
  for (const unsigned threads : {0u, 1u, 5u}) {
    threads_ = threads;
    EXPECT_EQ(Find({4, 1}), (std::vector<float>{1'999'996, 1'999'997, 1'999'998, 1'999'999}));
    EXPECT_EQ(Find({5, 400'000}), (std::vector<float>{399'999, 799'999, 1'199'999, 1'599'999, 1'999'999}));
    EXPECT_EQ(Find({2, 1, 1'000'000}), (std::vector<float>{999'998, 999'999, 1'999'998, 1'999'999}));
    EXPECT_EQ(Find({1, 20, 20}).back(), 1'999'999);
    EXPECT_EQ(Find({1, 20, 20}).front(), 19);
  }
}

TEST_F(ChannelMaximaTest, EndEarlyWhenNobodyWantsThem) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {2}, "12345678");
  Open(builder);
  checkpoint_->stop().Ask();
  EXPECT_TRUE(Find({1, 2}).empty());
  EXPECT_EQ(message_, "aborted");
}

TEST_F(ChannelMaximaTest, NeedFloatsInWholeChannels) {
  BundleBuilder builder;
  builder.Add("t", DataType::kFloat32, {2}, "12345678");
  Open(builder);
  Find({3, 1});
  EXPECT_EQ(message_, "no such payload (2 elements in 3 channels): tensor 't'");
  Find({2, 1, 4});
  EXPECT_EQ(message_, "no such payload (2 elements in 2 channels): tensor 't'");
  builder.Add("t", DataType::kFloat64, {1}, "12345678");
  Open(builder);
  Find({1, 1});
  EXPECT_EQ(message_, "no such payload (float64 as int8): tensor 't'");
}

}  // namespace
}  // namespace permafrost
