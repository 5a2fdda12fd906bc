#include "app/gl/product_variants.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/format/atomic_file.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"

namespace heed::app {

namespace {

constexpr const char* kTiles = "product_tiles.comp";
constexpr const char* kSkinny = "product_skinny.comp";
constexpr const char* kRegisters = "product_registers.comp";

// name, file, invocations, tile, block, depth, buffers
constexpr std::array<ProductVariant, 13> kVariants = {{
    {"tiles 128x128", kTiles, 256, 8, 8, 128, 128, 16, 2},
    {"tiles 128x128 once", kTiles, 256, 8, 8, 128, 128, 16, 1},
    {"tiles 128x64", kTiles, 128, 8, 8, 128, 64, 16, 2},
    {"tiles 64x64", kTiles, 128, 8, 4, 64, 64, 16, 2},
    {"tiles 64x64 small", kTiles, 256, 4, 4, 64, 64, 32, 1},
    {"tiles 32x64", kTiles, 128, 4, 4, 32, 64, 32, 1},
    {"tiles 32x32", kTiles, 64, 4, 4, 32, 32, 16, 2},
    {"skinny 4", kSkinny, 256, 4, 4, 4, 32, 0, 0},
    {"skinny 8", kSkinny, 256, 8, 4, 8, 32, 0, 0},
    {"skinny 16", kSkinny, 256, 16, 4, 16, 32, 0, 0},
    {"registers 8x8", kRegisters, 8, 8, 8, 8, 64, 0, 0},
    {"registers 4x4", kRegisters, 8, 4, 4, 4, 32, 0, 0},
    {"registers 2x8", kRegisters, 8, 2, 8, 2, 64, 0, 0},
}};

constexpr std::array<int, 4> kRowSteps = {4, 16, 32, 128};
constexpr double kManyCells = 1 << 20;

constexpr std::size_t kMostFileBytes = 1 << 20;

int number_of(std::string_view name) {
    const std::optional<int> number = find_product_variant(name);
    HEED_CHECK(number.has_value());
    return *number;
}

// The table of one device: an object of class names and variant names. Nothing where one lacks.
std::optional<ProductTable> parse_table(const Json& object) {
    ProductTable table;
    for (int i = 0; i < kProductClasses; ++i) {
        const Json* name = object.find(product_class_name(i));
        if (name == nullptr || !name->is_string()) return std::nullopt;
        const std::optional<int> variant = find_product_variant(name->string);
        if (!variant) return std::nullopt;
        table.variants[static_cast<std::size_t>(i)] = *variant;
    }
    return table;
}

std::string write_table(const ProductTable& table) {
    std::string text = "{";
    for (int i = 0; i < kProductClasses; ++i) {
        const ProductVariant& variant = product_variants()[static_cast<std::size_t>(
            table.variants[static_cast<std::size_t>(i)])];
        text += (i == 0 ? "\n    " : ",\n    ") + quote_json(product_class_name(i)) + ": " +
                quote_json(variant.name);
    }
    return text + "\n  }";
}

// All devices of a file that can be read, with their tables.
std::vector<std::pair<std::string, ProductTable>> read_tables(const std::filesystem::path& file) {
    std::vector<std::pair<std::string, ProductTable>> tables;
    std::error_code error;
    if (file.empty() || !std::filesystem::exists(file, error)) return tables;
    try {
        const Json json = parse_json(read_text_file(file, kMostFileBytes), file.string());
        for (const auto& [device, object] : json.object) {
            const std::optional<ProductTable> table = parse_table(object);
            if (table) tables.emplace_back(device, *table);
        }
    } catch (const Error&) {
        tables.clear();  // what is in it can be measured again
    }
    return tables;
}

}  // namespace

int ProductVariant::shared_bytes() const {
    constexpr int kBytes = 4;
    if (file == kTiles) return kBytes * buffers * block_depth * (block_rows + block_cols);
    if (file == kSkinny) return kBytes * std::min(tile_rows, 8) * 4 * invocations;
    return 0;
}

// Without shared memory an invocation of product_registers.comp reads its own rows and columns;
// neighbours find the rows in the cache.
double ProductVariant::bytes_per_depth(int bytes_of_right) const {
    return 4.0 * block_rows + static_cast<double>(bytes_of_right) * block_cols;
}

std::int64_t ProductVariant::count_groups(const ProductShape& shape) const {
    const std::int64_t down = (shape.rows + block_rows - 1) / block_rows;
    const std::int64_t across = (shape.cols + block_cols - 1) / block_cols;
    return shape.outers * down * across;
}

std::vector<std::pair<std::string, std::string>> ProductVariant::defines() const {
    return {
        {"INVOCATIONS", std::to_string(invocations)}, {"TILE_ROWS", std::to_string(tile_rows)},
        {"TILE_COLS", std::to_string(tile_cols)},     {"BLOCK_ROWS", std::to_string(block_rows)},
        {"BLOCK_COLS", std::to_string(block_cols)},   {"BLOCK_DEPTH", std::to_string(block_depth)},
        {"BUFFERS", std::to_string(buffers)}};
}

std::span<const ProductVariant> product_variants() {
    return kVariants;
}

std::optional<int> find_product_variant(std::string_view name) {
    for (std::size_t i = 0; i < kVariants.size(); ++i) {
        if (kVariants[i].name == name) return static_cast<int>(i);
    }
    return std::nullopt;
}

int product_class(const ProductShape& shape) {
    int size = 0;
    while (size < 4 && shape.rows > kRowSteps[static_cast<std::size_t>(size)]) ++size;
    const double cells = static_cast<double>(shape.outers) * shape.rows * shape.cols;
    if (size == 4 && cells > kManyCells) size = 5;
    const int layout = shape.layout == ProductLayout::kTransposed ? 1 : 0;
    const int heads = shape.outers > 1 ? 1 : 0;
    return (2 * layout + heads) * kProductSizes + size;
}

std::string product_class_name(int number) {
    HEED_CHECK(number >= 0 && number < kProductClasses);
    const int size = number % kProductSizes;
    const int kind = number / kProductSizes;
    std::string name = kind >= 2 ? "transposed " : "plain ";
    name += kind % 2 == 1 ? "heads, " : "matrix, ";
    if (size < 4)
        return name + "up to " + std::to_string(kRowSteps[static_cast<std::size_t>(size)]) +
               " rows";
    return name + (size == 4 ? "few cells" : "many cells");
}

ProductTable default_product_table() {
    const std::array<int, kProductSizes> matrix = {
        number_of("skinny 4"),          number_of("skinny 16"),   number_of("tiles 32x32"),
        number_of("tiles 64x64 small"), number_of("tiles 64x64"), number_of("tiles 128x128")};
    // Heads are many and small: 64 columns or as many as positions.
    const std::array<int, kProductSizes> heads = {
        number_of("skinny 4"),    number_of("tiles 32x32"),  number_of("tiles 32x32"),
        number_of("tiles 64x64"), number_of("tiles 128x64"), number_of("tiles 128x64")};
    ProductTable table;
    for (std::size_t i = 0; i < table.variants.size(); ++i) {
        const std::size_t kind = i / kProductSizes;
        table.variants[i] = (kind % 2 == 1 ? heads : matrix)[i % kProductSizes];
    }
    return table;
}

ProductTable uniform_product_table(int variant) {
    HEED_CHECK(variant >= 0 && variant < static_cast<int>(kVariants.size()));
    ProductTable table;
    table.variants.fill(variant);
    return table;
}

const ProductVariant& choose_product(const ProductShape& shape, const ProductTable& table) {
    const int variant = table.variants.at(static_cast<std::size_t>(product_class(shape)));
    return kVariants.at(static_cast<std::size_t>(variant));
}

std::optional<ProductTable> read_product_table(const std::filesystem::path& file,
                                               std::string_view device) {
    for (const auto& [name, table] : read_tables(file)) {
        if (name == device) return table;
    }
    return std::nullopt;
}

bool write_product_table(const std::filesystem::path& file, std::string_view device,
                         const ProductTable& table) {
    auto tables = read_tables(file);
    tables.erase(std::remove_if(tables.begin(), tables.end(),
                                [&](const auto& entry) { return entry.first == device; }),
                 tables.end());
    tables.emplace_back(device, table);
    std::string text = "{";
    for (std::size_t i = 0; i < tables.size(); ++i) {
        text += (i == 0 ? "\n  " : ",\n  ") + quote_json(tables[i].first) + ": " +
                write_table(tables[i].second);
    }
    text += "\n}\n";
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    try {
        write_file_atomically(file, text);
    } catch (const Error&) {
        return false;
    }
    return true;
}

}  // namespace heed::app
