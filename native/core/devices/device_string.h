// The device strings of TensorFlow, as its DeviceSpec writes them.
#pragma once

#include <cstdint>
#include <string_view>

namespace permafrost::devices {

// A letter, then letters, digits and underscores: what the type of a device and the name of a job may be.
bool IsDeviceWord(std::string_view word);

// Whether `text` names that device, as "/device:GPU:1" or "/job:worker/replica:0/task:2/device:GPU:1" name GPU 1: the
// parts before the last may be missing, their order may not change.
bool NamesDevice(std::string_view text, std::string_view type, std::uint32_t index);

}  // namespace permafrost::devices
