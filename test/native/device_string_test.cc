#include "devices/device_string.h"

#include <gtest/gtest.h>

namespace permafrost::devices {
namespace {

TEST(DeviceStringTest, NamesADevice) {
  EXPECT_TRUE(NamesDevice("/device:GPU:1", "GPU", 1));
  EXPECT_TRUE(NamesDevice("/job:worker/replica:0/task:12/device:GPU:1", "GPU", 1));
  EXPECT_TRUE(NamesDevice("/task:3/device:XLA_TPU:4294967295", "XLA_TPU", 4294967295));
}

TEST(DeviceStringTest, NamesNoOther) {
  EXPECT_FALSE(NamesDevice("/device:GPU:1", "GPU", 0));
  EXPECT_FALSE(NamesDevice("/device:GPU:10", "GPU", 1));
  EXPECT_FALSE(NamesDevice("/device:GPU:01", "GPU", 1));
  EXPECT_FALSE(NamesDevice("/device:gpu:1", "GPU", 1));
  EXPECT_FALSE(NamesDevice("/device:GPU:*", "GPU", 1));
}

TEST(DeviceStringTest, IsWhole) {
  for (const char* text : {"", "/", "GPU:1", "/gpu:1", "/device:GPU", "device:GPU:1", "/device:GPU:1/",
                           "/device:GPU:1 ", "/job:/device:GPU:1", "/job:7/device:GPU:1", "/task:x/device:GPU:1",
                           "/task:0/job:worker/device:GPU:1", "/job:a/job:b/device:GPU:1", "/device:GPU:1/task:0"}) {
    EXPECT_FALSE(NamesDevice(text, "GPU", 1)) << text;
  }
}

TEST(DeviceStringTest, AWordBeginsWithALetter) {
  EXPECT_TRUE(IsDeviceWord("XLA_TPU2"));
  for (const char* word : {"", "2", "_TPU", "T-PU", "T PU", "TPU:0"}) EXPECT_FALSE(IsDeviceWord(word)) << word;
}

}  // namespace
}  // namespace permafrost::devices
