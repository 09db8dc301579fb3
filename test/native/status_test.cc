#include "status.h"

#include <gtest/gtest.h>

namespace permafrost {
namespace {

TEST(StatusTest, CodesAreSpelledAsInTheApi) {
  EXPECT_EQ(CodeName(StatusCode::kOk), "OK");
  EXPECT_EQ(CodeName(StatusCode::kCheckpointNotFound), "CHECKPOINT_NOT_FOUND");
  EXPECT_EQ(CodeName(StatusCode::kCheckpointMalformed), "CHECKPOINT_MALFORMED");
  EXPECT_EQ(CodeName(StatusCode::kCheckpointUnsupported), "CHECKPOINT_UNSUPPORTED");
  EXPECT_EQ(CodeName(StatusCode::kShardMissing), "SHARD_MISSING");
  EXPECT_EQ(CodeName(StatusCode::kChecksumMismatch), "CHECKSUM_MISMATCH");
  EXPECT_EQ(CodeName(StatusCode::kReadFailed), "READ_FAILED");
  EXPECT_EQ(CodeName(StatusCode::kWriteFailed), "WRITE_FAILED");
  EXPECT_EQ(CodeName(StatusCode::kAborted), "ABORTED");
  EXPECT_EQ(CodeName(StatusCode::kOutOfMemory), "OUT_OF_MEMORY");
  EXPECT_EQ(CodeName(StatusCode::kDeviceUnknown), "DEVICE_UNKNOWN");
  EXPECT_EQ(CodeName(StatusCode::kDevicePluginUnusable), "DEVICE_PLUGIN_UNUSABLE");
}

TEST(StatusTest, AResultIsAValueOrAStatus) {
  const Result<int> good = 7;
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good.value(), 7);
  EXPECT_TRUE(good.status().ok());

  const Result<int> bad = Status(StatusCode::kReadFailed, "file unreadable");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.status().code(), StatusCode::kReadFailed);
  EXPECT_EQ(bad.status().message(), "file unreadable");
}

}  // namespace
}  // namespace permafrost
