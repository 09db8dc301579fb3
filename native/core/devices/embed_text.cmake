# Compiles a text into a target, as a std::string_view that a header declares:
#
#   embed_text(target text.txt header.h name-of-the-variable)
#
# Bytes, not a string literal: MSVC takes none of more than 64 KB.
function(embed_text target text header variable)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${text})
  file(READ ${text} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REPEAT . 100 line)
  string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
  get_filename_component(name ${text} NAME_WE)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cc)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include "@header@"

namespace {
constexpr char @variable@Bytes[] = {
@bytes@};
}  // namespace

namespace permafrost::devices {
constexpr std::string_view @variable@(@variable@Bytes, sizeof(@variable@Bytes));
}  // namespace permafrost::devices
]])
  target_sources(${target} PRIVATE ${source})
endfunction()
