#include "app/text/type.h"

#include <array>
#include <cstddef>

namespace heed::app {

namespace {

constexpr std::array<TypeFace, kTypeCount> kTypes{{
    {FontStyle::kSansBold, 22},
    {FontStyle::kSans, 19},
    {FontStyle::kSansSemiBold, 17},
    {FontStyle::kSans, 14},
    {FontStyle::kSansSemiBold, 14},
    {FontStyle::kSansSemiBold, 13},
    {FontStyle::kSans, 12},
    {FontStyle::kSansSemiBold, 12},
    {FontStyle::kSans, 11},
    {FontStyle::kSansSemiBold, 11},
    {FontStyle::kMonoSemiBold, 22},
    {FontStyle::kMono, 14},
    {FontStyle::kMono, 13},
    {FontStyle::kMono, 12},
    {FontStyle::kMono, 11},
    {FontStyle::kSerifItalic, 19},
    {FontStyle::kSerifItalic, 14},
}};

}  // namespace

TypeFace face_of(Type type) {
    return kTypes[static_cast<std::size_t>(type)];
}

}  // namespace heed::app
