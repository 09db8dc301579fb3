// A device string: what it is said to name, it names when it is written out.
#include "devices/device_string.h"

#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace permafrost;
  fuzz::Input input(data, size);
  const std::uint32_t index = input.Byte();
  const std::string text = input.Rest();
  const std::string last = "/device:GPU:" + std::to_string(index);
  if (devices::NamesDevice(text, "GPU", index)) fuzz::Require(text.ends_with(last));
  fuzz::Require(!devices::NamesDevice(text + last, "GPU", index + 1));
  const std::string job = "/job:" + text + last;
  const bool is_plain = text.find_first_of(std::string("/\0", 2)) == std::string::npos;
  if (is_plain) fuzz::Require(devices::NamesDevice(job, "GPU", index) == devices::IsDeviceWord(text));
  return 0;
}
