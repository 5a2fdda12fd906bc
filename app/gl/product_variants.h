// The programs that multiply matrices on a graphics card, and which of them a product takes: by a
// small table that is measured at first use on a device and kept in a file. It knows no OpenGL.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/gl/commands.h"

namespace heed::app {

// How the right matrix lies in memory; numbers of LAYOUT in shaders/product_parts.glsl.
enum class ProductLayout { kPlain, kTransposed, kStrided };

// What a product is, as far as a choice depends on it.
struct ProductShape {
    int outers = 1;
    int rows = 1;
    int depth = 1;
    int cols = 1;
    ProductLayout layout = ProductLayout::kPlain;

    double multiplications() const { return static_cast<double>(outers) * rows * depth * cols; }
};

// A program of shaders/ and the blocks of cells that its groups compute.
struct ProductVariant {
    std::string_view name;  // in the file of measured tables
    const char* file;
    int invocations;
    int tile_rows;  // cells of one invocation
    int tile_cols;
    int block_rows;  // cells of one group
    int block_cols;
    int block_depth;  // what product_tiles.comp has in shared memory at once; 0 in other files
    int buffers;      // how many times it has that

    int shared_bytes() const;
    // Bytes that a group reads from buffers to compute its block, for each step of the depth.
    double bytes_per_depth(int bytes_of_right) const;
    std::int64_t count_groups(const ProductShape& shape) const;
    // Its shape as macros of shaders/product_*.comp.
    std::vector<std::pair<std::string, std::string>> defines() const;
};

std::span<const ProductVariant> product_variants();
// The number of the variant called `name`; nothing where there is none.
std::optional<int> find_product_variant(std::string_view name);

// Products between which a table tells no difference: how many rows, one matrix or one for each
// head, and how the right matrix lies.
constexpr int kProductSizes = 6;  // rows up to 4, 16, 32, 128; more, of few cells; of many cells
constexpr int kProductClasses = 4 * kProductSizes;

int product_class(const ProductShape& shape);
// "transposed heads, up to 16 rows"
std::string product_class_name(int product_class);

// For each class the number of a variant.
struct ProductTable {
    std::array<int, kProductClasses> variants{};
    bool operator==(const ProductTable&) const = default;
};

// What graphics cards with shared memory in hardware do well with; not measured.
ProductTable default_product_table();
// The same variant for all products.
ProductTable uniform_product_table(int variant);

const ProductVariant& choose_product(const ProductShape& shape, const ProductTable& table);

// Tables of several devices in one file; `device` is renderer and version. Reading gives nothing
// where there is no table of this device or the file is damaged; writing keeps those of others and
// gives false where it is not possible.
std::optional<ProductTable> read_product_table(const std::filesystem::path& file,
                                               std::string_view device);
bool write_product_table(const std::filesystem::path& file, std::string_view device,
                         const ProductTable& table);

}  // namespace heed::app
